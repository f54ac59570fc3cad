import { GPS_TAGS, PHOTO_TAGS } from "../probe/exif-names.ts";

/*
 * What is carried over is listed, not what is left out: a private tag may hold offsets into a file that no longer exists, and a
 * tag of the stored pixels (strips, compression, size, color tables) would be wrong about the result.
 */

export const ARTIST = 0x013b;
export const COPYRIGHT = 0x8298;
export const ORIENTATION = 0x0112;
export const COLOR_SPACE = 0xa001;
export const EXIF_POINTER = 0x8769;
export const GPS_POINTER = 0x8825;

/** EXIF 2.32 section 4.6.4 and TIFF 6.0 without what describes the stored pixels; ratings and XP* texts of Windows. */
const DESCRIPTIVE = [
  ...[0x010d, 0x010e, 0x010f, 0x0110], // DocumentName, ImageDescription, Make, Model
  ...[0x011a, 0x011b, 0x0128], // XResolution, YResolution, ResolutionUnit: a wish for printing, no fact about pixels
  ...[0x0131, 0x0132, ARTIST, 0x013c], // Software, DateTime, Artist, HostComputer
  ...[0x4746, 0x4749, COPYRIGHT], // Rating, RatingPercent, Copyright
  ...[0x9c9b, 0x9c9c, 0x9c9d, 0x9c9e, 0x9c9f], // XPTitle, XPComment, XPAuthor, XPKeywords, XPSubject
];

/** Of the Exif directory: what counts in px of the picture as it was taken, or says how that was coded. */
const ABOUT_OTHER_PIXELS = [
  ...[0x9102, COLOR_SPACE, 0xa002, 0xa003], // CompressedBitsPerPixel, ColorSpace (written anew), PixelXDimension, PixelYDimension
  ...[0x9214, 0xa214], // SubjectArea, SubjectLocation
  ...[0xa20e, 0xa20f, 0xa210], // FocalPlaneXResolution, FocalPlaneYResolution, FocalPlaneResolutionUnit
  ...[0xa004, 0xa005], // RelatedSoundFile, InteroperabilityTag
];

/** EXIF 2.32 (ambient conditions, composite images) and EXIF 3.0 (title, people and programs) beyond what OSS prints. */
const NEWER = [
  ...[0x9400, 0x9401, 0x9402, 0x9403], // Temperature, Humidity, Pressure, WaterDepth
  ...[0x9404, 0x9405], // Acceleration, CameraElevationAngle
  ...[0xa436, 0xa437, 0xa438, 0xa439], // ImageTitle, Photographer, ImageEditor, CameraFirmware
  ...[0xa43a, 0xa43b, 0xa43c], // RAWDevelopingSoftware, ImageEditingSoftware, MetadataEditingSoftware
  ...[0xa460, 0xa461, 0xa462], // CompositeImage, number and exposure times of its sources
];

const numbers = (names: Readonly<Record<number, string>>) => Object.keys(names).map(Number);

export const IMAGE_KEPT: ReadonlySet<number> = new Set(DESCRIPTIVE);
/** MakerNote is none of PHOTO_TAGS: most hold offsets from the start of the file they were in. */
export const PHOTO_KEPT: ReadonlySet<number> = new Set(
  [...numbers(PHOTO_TAGS), ...NEWER].filter((tag) => !ABOUT_OTHER_PIXELS.includes(tag)),
);
export const GPS_KEPT: ReadonlySet<number> = new Set(numbers(GPS_TAGS));
