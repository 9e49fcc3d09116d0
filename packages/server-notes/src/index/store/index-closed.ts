/** The server is ending: nothing more is read or written. */
export class IndexClosed extends Error {
  constructor() {
    super("the index is closed: the server is ending.");
  }
}
