"""核对通报: reads a published circular's tables and text, and says what in them does not hold."""
