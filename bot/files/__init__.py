"""The store of files: what people send is fetched and measured, what we send is handed out."""
