"""The child process that decodes: the only code that opens media files. Run by `retrieval.ingest.confined`."""
