/** True for a property of the object itself: names come from URLs, and "constructor" must not be found. (Object.hasOwn is ES2022.) */
export function hasOwn(object: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(object, name);
}
