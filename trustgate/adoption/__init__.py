"""What `trustgate init` writes into a repository: a plan first, made of whole files, then the files."""
