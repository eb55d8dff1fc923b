package dev.kerrera.notifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;

/** Payloads as nobody should send them, the same ones for the same seed. */
public final class Mangled {

    private static final List<String> GOOD = List.of(
            "{\"queue\":\"default\"}",
            "{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"alpha\"}",
            "{\"action\":\"resume\",\"ident\":\"Kerrera.weld-1\",\"queue\":\"*\"}",
            "{\"action\":\"scale\",\"ident\":\"any\",\"limit\":7,\"queue\":\"alpha\"}",
            "{\"action\":\"start\",\"ident\":\"any\",\"limit\":2,\"queue\":\"beta\"}",
            "{\"action\":\"stop\",\"ident\":\"any\",\"queue\":\"beta\"}",
            "{\"action\":\"pkill\",\"job_id\":26}",
            "{\"down\":\"Elsewhere\"}",
            "{\"node\":\"web.1\",\"ping\":true,\"time\":5}",
            "{\"checks\":[{\"limit\":5,\"name\":\"Oban\",\"node\":\"web.1\",\"paused\":false,\"queue\":\"alpha\"}]}",
            "{\"metrics\":[{\"series\":\"full_count\",\"state\":\"available\",\"value\":{\"data\":[1]}}],\"time\":5}",
            "{\"crontab\":[[\"* * * * *\",\"W\",{}]],\"name\":\"Oban\",\"node\":\"web.1\"}");

    private static final List<String> KEYS =
            List.of("ident", "queue", "node", "job_id", "limit", "action", "down", "metrics", "paused", "name");

    private static final List<String> ODD_VALUES = List.of(
            "null",
            "true",
            "7",
            "-1",
            "0",
            "1.5",
            "1e999999999",
            "-1e-999999999",
            "9".repeat(3_000),
            "9223372036854775808",
            "[]",
            "{}",
            "[[[[]]]]",
            "\"\"",
            "\"*\"",
            "\"any\"",
            "\"pkill\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\uD83D\"",
            "\"" + "x".repeat(7_000) + "\"");

    private static final String BOMB = packed("{\"queue\":\"" + " ".repeat(16 * 1024 * 1024) + "\"}");

    private final Random random;

    public Mangled(long seed) {
        this.random = new Random(seed);
    }

    public String next() {
        return switch (random.nextInt(12)) {
            case 0 -> noise();
            case 1 -> "Z:" + noise();
            case 2 -> "H4sI" + Base64.getEncoder().encodeToString(bytes(200));
            case 3 -> random.nextInt(80) == 0 ? BOMB : nested();
            case 4 -> wrapped(mutated(good()));
            case 5 -> mutated(wrapped(good()));
            case 6 -> wrapped(good().replaceFirst("\\}$", "," + oddEntry() + "," + oddEntry() + "}"));
            case 7 -> good().replaceFirst("\\{", "{" + oddEntry() + ",");
            case 8 -> "{" + oddEntry() + "}";
            case 9 -> "[" + good() + "]";
            case 10 -> new String(bytes(300), UTF_8);
            default -> mutated(good());
        };
    }

    private String good() {
        return pick(GOOD);
    }

    private String oddEntry() {
        return "\"" + pick(KEYS) + "\":" + pick(ODD_VALUES);
    }

    private String nested() {
        int depth = random.nextInt(2_000);
        String open = random.nextBoolean() ? "[" : "{\"a\":";
        String inner = open.repeat(depth) + (random.nextBoolean() ? "1" : "");
        return "{\"" + pick(KEYS) + "\":" + inner + (random.nextBoolean() ? "]".repeat(depth) : "}".repeat(depth))
                + "}";
    }

    private String wrapped(String json) {
        return switch (random.nextInt(3)) {
            case 0 -> "Z:" + packed(json);
            case 1 -> packed(json);
            default -> json;
        };
    }

    private String mutated(String payload) {
        StringBuilder mutated = new StringBuilder(payload);
        for (int change = 1 + random.nextInt(4); change > 0 && !mutated.isEmpty(); change--) {
            int at = random.nextInt(mutated.length());
            switch (random.nextInt(5)) {
                case 0 -> mutated.setLength(at);
                case 1 -> mutated.deleteCharAt(at);
                case 2 -> mutated.setCharAt(at, (char) (mutated.charAt(at) ^ 1 << random.nextInt(16)));
                case 3 -> mutated.insert(at, "{}[]\":,\\-0e".charAt(random.nextInt(11)));
                default -> mutated.insert(at, mutated.substring(at));
            }
        }
        return mutated.toString();
    }

    private String noise() {
        return new String(bytes(300), ISO_8859_1);
    }

    private byte[] bytes(int most) {
        byte[] bytes = new byte[random.nextInt(most)];
        random.nextBytes(bytes);
        return bytes;
    }

    private String pick(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    private static String packed(String json) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            gzip.write(json.getBytes(UTF_8));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }
}
