// after: looker.js
// A few pictures as they are and, beside each, as training would see it.

class Augment extends Looker {
  constructor(root, live) {
    super(root, live);
    this.title = h("h4.pc-curve-title");
    this.rows = h("div.pc-augment");
    root.append(this.title, this.rows, this.message);
  }

  update(data, outward) {
    const before = JSON.stringify(this.data?.params);
    super.update(data, outward);
    setText(this.title, data.words.title);
    if (before !== JSON.stringify(data.params)) this.changed();
  }

  renewed() {}

  async ask() {
    const { pictures, each, sheet } = await this.get("augmentation", { params: this.data.params });
    if (this.rows.children.length !== pictures * each) {
      this.rows.style.setProperty("--pc-each", each);
      this.rows.replaceChildren(...Array.from({ length: pictures * each }, (_, i) => (
        h("canvas", { role: "img" }))));
    }
    unpack(sheet, pictures * each).forEach((picture, i) => {
      const canvas = this.rows.children[i];
      paint(canvas, picture);
      const { before, after } = this.data.words;
      canvas.setAttribute("aria-label", i % each ? after : before);
    });
  }
}

export default component("augment", (root, live) => new Augment(root, live));
