"""Writing in the admin: what the editor of entries asks the server, and how it is told."""
