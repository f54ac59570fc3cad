export const shell = {
  product: "opalens studio",
  titleWith: (name: string) => `${name} · opalens studio`,
  skip: "Skip to the transform",

  undo: "Undo",
  redo: "Redo",
  withKeys: (what: string, keys: string) => `${what} (${keys})`,
  theme: { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" },
  otherLanguage: "中文",
  otherLanguageShort: "中",
  help: "Help",

  source: {
    open: "Open a picture",
    change: (name: string) => `Picture: ${name}. Open another one`,
    menu: "Open a picture",
    choose: "Choose a file",
    paste: "Paste",
    filter: "Find an object",
    objects: "Objects of the store",
    noMatch: "No object has that in its key.",
    samples: "Sample pictures",
    now: "Open now",
    close: "Close",
    closeTitle: "Close this picture and forget the copy kept for reloads",
    kept: "A picture of yours is not uploaded. It is kept in this browser, for reloads of this tab, until you close it.",
  },

  start: {
    title: "Try a transform, see exactly what the function answers",
    private: "Everything is computed in this browser, by the very engine of the function. Your picture is not uploaded.",
    choose: "Choose a picture",
    orDrop: "or drop or paste one here",
    opening: (name: string) => `Opening ${name}…`,
    openingUnnamed: "Opening…",
    waiting: (count: number) =>
      count === 0
        ? "Open a picture to apply the settings of this link."
        : `Open a picture to apply the ${count === 1 ? "step" : `${count} steps`} of this link.`,
    store: (bucket: string) => `Objects of ${bucket}`,
    samples: "Or start with one of these",
    more: (count: number) => `${count} more: narrow the list down by a part of the key.`,
  },

  drop: {
    open: "Drop to open",
    first: (name: string, count: number) =>
      `Opened ${name}, one picture at a time: ${count === 1 ? "the other file was" : `${count} other files were`} left out.`,
    noFile: "There is no file in what was dropped.",
  },
  paste: {
    none: "There is no picture on the clipboard.",
    byKey: (keys: string) => `The browser does not hand the clipboard to a button. Press ${keys} instead.`,
  },

  fault: {
    title: (name: string) => `${name} could not be opened`,
    unnamed: "The picture could not be opened",
    dismiss: "Dismiss",
    codes: {
      CORRUPT_IMAGE: "The file is damaged.",
      UNSUPPORTED_FORMAT: "This is not a picture of a format that can be read: JPEG, PNG, WebP, AVIF, TIFF or BMP.",
      NOT_SUPPORTED: "This kind of picture cannot be read yet.",
      SOURCE_TOO_LARGE: "The picture is too large.",
      SOURCE_NOT_FOUND: "The store has no such object.",
      NETWORK: "It could not be fetched.",
      other: "It cannot be read.",
    },
  },
  link: {
    bad: (reason: string) => `This link cannot be read. ${reason}`,
    noStore: (key: string) =>
      `This link is about ${key} of a local store, which this page does not have. Open the picture yourself.`,
  },
  notice: { close: "Close this message" },

  helpDialog: {
    title: "Keyboard",
    close: "Close",
    keys: {
      undo: "Undo",
      redo: "Redo",
      open: "Open a picture",
      paste: "Open the picture on the clipboard, or take over a URL",
      help: "This help",
      move: "Move what has the focus: divider, crop frame, focal point, step",
      faster: "The same in larger steps",
    },
    shift: "Shift",
    arrows: "Arrow keys",
    aboutTitle: "About this page",
    about:
      "The page runs the same WebAssembly engine as the function, so its results have the same bytes. On the local stack a tick shows that they are equal.",
    link: "The address of the page holds the chain and the object's key: copy it to share what you see.",
  },
};
