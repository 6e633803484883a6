"""What people would otherwise build, asked the same questions over the same chunks with the same models."""
