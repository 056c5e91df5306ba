"""The words of circulars."""
