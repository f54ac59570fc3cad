/** How embind copies what it is given: byte by byte in JavaScript, 3 ms for a picture of 720×588 and tens of them in a fresh process. */
const COPY_BY_BYTE = "for(var i=0;i<length;++i){HEAPU8[ptr+i]=value[i]}";

/**
 * The emscripten glue assigns to `import.meta.url` where it is undefined. That is no valid target once `import.meta.url` has
 * been replaced by an expression, and the glue never needs it: modules are handed in. And it copies slowly.
 */
export function jsquashGlue() {
  const assignments =
    /if\s*\(import\.meta\.url\s*===\s*undefined\)\s*\{\s*import\.meta\.url\s*=\s*"https:\/\/localhost";?\s*\}/g;
  return {
    name: "jsquash-glue",
    transform(code, id) {
      if (!id.includes("@jsquash")) return null;
      const patched = code.replace(assignments, "").replace(/import\.meta\.url/g, '"https://localhost/"');
      if (/import\.meta/.test(patched)) this.error(`${id} uses import.meta in a way this build does not know`);
      if (/codec\/(enc|dec)\//.test(id) && !patched.includes(COPY_BY_BYTE))
        this.error(`${id} copies in a way this build does not know`);
      return { code: patched.replace(COPY_BY_BYTE, "HEAPU8.set(value,ptr)"), map: null };
    },
  };
}
