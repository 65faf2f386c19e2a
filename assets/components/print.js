// after: live.js
// A button that opens the browser's own print dialogue; it is not printed itself.

class Print {
  constructor(root) {
    this.root = root;
    this.button = button("print", () => window.print(), "primary");
    root.append(this.button);
  }

  update(data) {
    theme(this.root);
    setWord(this.button, data.words.print);
  }

  close() {}
}

export default component("print", (root) => new Print(root));
