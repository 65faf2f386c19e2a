// after: curves.js
// Two measures of each batch in one chart: the networks of a game beside each other.

class PairCurve extends Curve {
  /** `view.metric`: {title, lines: [{name, title}, {name, title}]}. */
  draw(view) {
    const { metric: { title, lines: [a, b] }, story, words } = view;
    this.second = thin(story.batches(b.name));
    this.plain = {
      begin: story.begin, changes: story.changes, batches: () => story.batches(a.name),
      epochs: story.epochs.map(({ epoch, values }) => ({ epoch,
        values: { [a.name]: values[a.name], [`val_${a.name}`]: values[b.name] } })),
    };
    // The same words for the same language: else it would be drawn at once with every batch.
    if (this.spoken?.from !== words) {
      this.spoken = { ...words, from: words, train: a.title, validation: b.title };
    }
    super.draw({ ...view, story: this.plain, words: this.spoken, metric: { name: a.name, title } });
  }

  traces(view) {
    const [batches, first, second] = super.traces(view);
    const { look } = view;
    const other = { ...batches, x: this.second.map(([x]) => x), y: this.second.map(([, y]) => y),
      line: { color: css(look.accent, 0.45), width: 1 }, hoverinfo: "skip", hovertemplate: null };
    return [batches, other, first, { ...second, x: second.x.map((x) => x - 0.5) }];
  }

  layout(view) {
    const both = [...view.story.batches(), ...this.second];
    return super.layout({ ...view, story: { ...view.story, batches: () => both } });
  }

  endLabels(view, ...rest) {
    return super.endLabels({ ...view, story: this.plain }, ...rest);
  }
}
