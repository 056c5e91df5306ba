"""Account sources (政务新媒体数据来源): one file a source, every fetch in one typed outcome."""
