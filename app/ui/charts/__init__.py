"""Charts painted by hand: fixed pictures of results, with a table beside each and the 依据 behind every element."""
