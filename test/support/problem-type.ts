/** The `PUBLIC_URL` of every test app. */
export const PUBLIC_URL = 'https://gatehouse.example.com';

/** The `type` of a problem with this slug, as the test app answers it. */
export const problemType = (slug: string): string => `${PUBLIC_URL}/docs/problems#${slug}`;
