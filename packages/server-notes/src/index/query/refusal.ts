/**
 * A question that cannot be asked: the caller is told the message as `invalid_input`. The kit's own error would bring
 * the whole kit into the index's thread, which doubles the time that it takes to start.
 */
export class Refusal extends Error {}
