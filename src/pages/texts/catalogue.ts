/** The type of a catalogue of texts: ICU messages by their key. English sets keys and arguments. */
import type { en } from './en/catalogue.ts';

export type TextKey = keyof typeof en;

/** Does not compile while a text is missing, or is of no use any more. */
export type Catalogue = Readonly<Record<TextKey, string>>;

/** A translation of one file of English texts. */
export type Translation<Texts> = { readonly [Key in keyof Texts]: string };

/** Names of the arguments of an ICU message: `{name}`, or `{count, plural, …}`. */
type NamesIn<Message> = Message extends `${string}{${infer Name}}${infer Rest}`
  ? NameOf<Name> | NamesIn<Rest>
  : never;
type NameOf<Inside> = Inside extends `${infer Name},${string}`
  ? Name
  : Inside extends `${string}${' ' | '#'}${string}`
    ? never
    : Inside;

/** Keys of texts without arguments. */
export type PlainKey = {
  [Key in TextKey]: [NamesIn<(typeof en)[Key]>] extends [never] ? Key : never;
}[TextKey];

/** The values that a text needs: none, or an object with all of its arguments. */
export type Arguments<Key extends TextKey> = [NamesIn<(typeof en)[Key]>] extends [never]
  ? []
  : [values: Readonly<Record<NamesIn<(typeof en)[Key]> & string, string | number>>];
