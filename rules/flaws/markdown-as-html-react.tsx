import { marked } from "marked";
import DOMPurify from "dompurify";

export function Comment({ text }: { text: string }) {
  // ruleid: markdown-as-html-react
  return <div dangerouslySetInnerHTML={{ __html: marked.parse(text) }} />;
}

export function Note({ text }: { text: string }) {
  // ruleid: markdown-as-html-react
  return <p className="note" dangerouslySetInnerHTML={{ __html: marked(text) }} />;
}

export function Clean({ text }: { text: string }) {
  // ok: markdown-as-html-react
  return <div dangerouslySetInnerHTML={{ __html: DOMPurify.sanitize(marked.parse(text)) }} />;
}

export function Plain({ text }: { text: string }) {
  // ok: markdown-as-html-react
  return <div>{text}</div>;
}
