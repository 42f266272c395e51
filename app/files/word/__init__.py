"""Word files: a .docx into paragraphs, pasted HTML into plain text, and what kind an attached file is."""
