/** Pictures that a page without a store offers: fixtures/README.md says where they come from. The small ones are cut from them. */
export interface Sample {
  readonly name: string;
  readonly bytes: number;
  /** Fetched when it is chosen. */
  readonly url: string;
  readonly thumbnail: string;
}

// Written out: the build finds `new URL("…", import.meta.url)` by its text
export const SAMPLES: readonly Sample[] = [
  {
    name: "owl.jpg",
    bytes: 137_707,
    url: new URL("../../../fixtures/images/owl.jpg", import.meta.url).href,
    thumbnail: new URL("./owl.webp", import.meta.url).href,
  },
  {
    name: "dice.png",
    bytes: 243_962,
    url: new URL("../../../fixtures/images/dice.png", import.meta.url).href,
    thumbnail: new URL("./dice.webp", import.meta.url).href,
  },
  {
    name: "road.jpg",
    bytes: 877_585,
    url: new URL("../../../fixtures/images/road.jpg", import.meta.url).href,
    thumbnail: new URL("./road.webp", import.meta.url).href,
  },
];
