package dev.kerrera.job;

/** Characters PostgreSQL holds neither in text nor in jsonb: NUL, and half a surrogate pair. */
final class Unstorable {
    static final String REMEDY =
            "must not contain NUL characters or unpaired surrogates, which PostgreSQL cannot store";

    private static final int HEX_DIGITS = 4;

    private Unstorable() {}

    /** Whether a text holds any. */
    static boolean in(String text) {
        int length = text.length();
        for (int i = 0; i < length; i++) {
            char c = text.charAt(i);
            if (c == 0 || (Character.isSurrogate(c) && !startsPair(text, i++))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a well-formed JSON text holds any, plain or escaped. */
    static boolean inJson(String json) {
        return in(json) || (json.contains("\\u") && in(unescaped(json)));
    }

    /** The text without them. */
    static String strip(String text) {
        return in(text)
                ? text.codePoints()
                        .filter(c -> !isUnstorable(c))
                        .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                        .toString()
                : text;
    }

    private static boolean startsPair(String text, int i) {
        return i + 1 < text.length() && Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1));
    }

    private static boolean isUnstorable(int codePoint) {
        return codePoint == 0 || (codePoint >= Character.MIN_SURROGATE && codePoint <= Character.MAX_SURROGATE);
    }

    private static String unescaped(String json) {
        StringBuilder out = new StringBuilder(json.length());
        for (int i = 0; i < json.length(); i++) {
            char c = json.charAt(i);
            if (c != '\\') {
                out.append(c);
            } else if (json.charAt(++i) == 'u') {
                out.append((char) Integer.parseInt(json, i + 1, i + 1 + HEX_DIGITS, 16));
                i += HEX_DIGITS;
            } else {
                // Whatever else is escaped keeps neighbouring halves of a pair apart.
                out.append('\\');
            }
        }
        return out.toString();
    }
}
