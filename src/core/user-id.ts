/** 1–255 printable ASCII characters, compared byte for byte. */
export const USER_ID = /^[\x21-\x7e]{1,255}$/;
