// WhatsApp's marks (*bold*, _italic_, ~struck~, `code`, ```block```) and addresses → a text with entities, as text.js builds it.

const PAIRS = [["```", "pre"], ["`", "code"], ["*", "bold"], ["_", "italic"], ["~", "strikethrough"]];
const ADDRESS = /https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]]/g;

/** {text, entities}: the marks taken out of the text. */
export function marked(source) {
  const entities = [];
  const text = part(source, 0, entities);
  const verbatim = entities.filter(({ type }) => type === "pre" || type === "code");
  for (const found of text.matchAll(ADDRESS)) {
    const inside = verbatim.some(({ offset, length }) => found.index >= offset && found.index < offset + length);
    if (!inside) entities.push({ type: "url", offset: found.index, length: found[0].length });
  }
  return { text, entities };
}

function part(source, offset, entities) {
  let text = "";
  let at = 0;
  while (at < source.length) {
    const found = opened(source, at);
    if (!found) {
      text += source[at++];
      continue;
    }
    const { mark, type, end } = found;
    const inner = source.slice(at + mark.length, end);
    const begin = offset + text.length;
    const entity = { type, offset: begin, length: 0 };
    entities.push(entity);
    const shown = type === "pre" || type === "code" ? inner : part(inner, begin, entities);
    entity.length = shown.length;
    text += shown;
    at = end + mark.length;
  }
  return text;
}

/** The mark that opens here and is closed again: at the edge of a word, and but for blocks on the same line. */
function opened(source, at) {
  for (const [mark, type] of PAIRS) {
    if (!source.startsWith(mark, at)) continue;
    if (type !== "pre" && /[\p{L}\p{N}]/u.test(source[at - 1] ?? "")) return null;
    const from = at + mark.length;
    for (let end = source.indexOf(mark, from); end > from; end = source.indexOf(mark, end + 1)) {
      const inner = source.slice(from, end);
      if (type === "pre") return { mark, type, end };
      if (inner.includes("\n")) break;
      const tight = !/^\s|\s$/.test(inner);
      if (tight && !/[\p{L}\p{N}]/u.test(source[end + mark.length] ?? "")) return { mark, type, end };
    }
    return null;
  }
  return null;
}
