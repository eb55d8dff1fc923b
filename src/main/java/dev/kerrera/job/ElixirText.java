package dev.kerrera.job;

/** Spells a string the way Elixir's {@code inspect} does, so that one console reads the errors of both sides alike. */
final class ElixirText {
    private ElixirText() {}

    static String inspect(String text) {
        StringBuilder out = new StringBuilder(text.length() + 2).append('"');
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            boolean interpolates = c == '#' && i < text.length() && text.charAt(i) == '{';
            escape(c, interpolates, out);
        }
        return out.append('"').toString();
    }

    private static void escape(int c, boolean interpolates, StringBuilder out) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '#' -> out.append(interpolates ? "\\#" : "#");
            case '\n' -> out.append("\\n");
            case '\r' -> out.append("\\r");
            case '\t' -> out.append("\\t");
            case '\b' -> out.append("\\b");
            case '\f' -> out.append("\\f");
            case 0 -> out.append("\\0");
            case 7 -> out.append("\\a");
            case 11 -> out.append("\\v");
            case 27 -> out.append("\\e");
            case 127 -> out.append("\\d");
            default -> {
                if (isPrintable(c)) {
                    out.appendCodePoint(c);
                } else if (c <= 0xFF) {
                    out.append("\\x%02X".formatted(c));
                } else {
                    out.append("\\x{%X}".formatted(c));
                }
            }
        }
    }

    private static boolean isPrintable(int c) {
        return (c >= 0x20 && c <= 0x7E) || (c >= 0xA0 && c <= 0xD7FF) || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000;
    }
}
