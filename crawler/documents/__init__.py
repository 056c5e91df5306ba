"""The text of documents that a site hands out: PDF, DOCX and XLSX, read within bounds in a process of its own."""
