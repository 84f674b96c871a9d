/** Longest stay in the loop of a slice of work beside the requests, but for its last step: microseconds. */
export const SLICE_US = 150;
