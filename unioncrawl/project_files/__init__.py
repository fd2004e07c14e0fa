"""What does ``unioncrawl init`` write? The files of a project of one's own, as they are written."""
