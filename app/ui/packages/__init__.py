"""What the pages that send and receive packages share: passphrases, the preview of a merge, receiving."""
