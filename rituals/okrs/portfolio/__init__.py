"""The portfolio as a file: read, checked, compared, written. It asks nobody and tells nobody."""
