/** The server is ending: nothing is read or written any more. */
export class IndexClosed extends Error {
  constructor() {
    super("the index is closed: the server is ending.");
  }
}
