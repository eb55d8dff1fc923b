package dev.kerrera.notifier;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import jakarta.json.Json;
import jakarta.json.JsonObject;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringReader;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.ValueSource;

class WireTest {

    /** Messages as Oban's nodes send them. */
    static final List<String> GOLDEN = List.of(
            "{\"queue\":\"mail\"}",
            "{\"action\":\"pause\",\"ident\":\"any\",\"queue\":\"alpha\"}",
            "{\"action\":\"pause\",\"ident\":\"Oban.web.2\",\"queue\":\"*\"}",
            "{\"action\":\"scale\",\"ident\":\"any\",\"limit\":7,\"queue\":\"alpha\"}",
            "{\"action\":\"scale\",\"ident\":\"Oban.me@host\",\"limit\":7,\"local_only\":true,\"queue\":\"alpha\"}",
            "{\"action\":\"start\",\"ident\":\"any\",\"limit\":2,\"queue\":\"beta\"}",
            "{\"action\":\"pkill\",\"job_id\":26}",
            "{\"down\":\"Oban\"}",
            "{\"node\":\"java-1\",\"ping\":true}",
            "{\"checks\":[{\"node\":\"java-1\",\"name\":\"Oban\",\"queue\":\"mail\",\"uuid\":\"52c24c45\",\"limit\":3,"
                    + "\"paused\":false,\"running\":[1,2],\"started_at\":\"2026-01-01T00:00:00.000000Z\","
                    + "\"shutdown_started_at\":null,\"refresh_interval\":60000}]}",
            "{}",
            "{\"text\":\"Grüße, 世界 😀 \\\"quoted\\\"\"}");

    /** What zlib, which Erlang packs with, makes of the first of them. */
    private static final String FROM_ELIXIR = "H4sIAAAAAAAAA6tWKixNLU1VslLKTczMUaoFAPelQe8QAAAA";

    @Nested
    class Decoding {

        @ParameterizedTest
        @FieldSource("dev.kerrera.notifier.WireTest#GOLDEN")
        void all_three_forms_are_read(String json) {
            JsonObject message = parsed(json);

            assertThat(Wire.decode(json)).contains(message);
            assertThat(Wire.decode("Z:" + packed(json))).contains(message);
            assertThat(Wire.decode(packed(json))).contains(message);
        }

        @Test
        void what_another_gzip_packed_is_read() {
            JsonObject message = parsed("{\"queue\":\"mail\"}");

            assertThat(Wire.decode(FROM_ELIXIR)).contains(message);
            assertThat(Wire.decode("Z:" + FROM_ELIXIR)).contains(message);
        }

        @Test
        void the_spaced_json_of_old_triggers_is_read() {
            assertThat(Wire.decode(" {\"queue\" : \"alpha\"} ")).contains(parsed("{\"queue\":\"alpha\"}"));
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    " ",
                    "null",
                    "true",
                    "42",
                    "\"text\"",
                    "[]",
                    "[{\"queue\":\"mail\"}]",
                    "{",
                    "{\"queue\":}",
                    "{\"queue\":\"mail\"",
                    "{'queue':'mail'}",
                    "Z:",
                    "Z:H4sI",
                    "Z:not base64",
                    "Z:{\"queue\":\"mail\"}",
                    "z:H4sIAAAAAAAAA6tWKixNLU1VslLKTczMUaoFAPelQe8QAAAA",
                    "H4sI",
                    "H4sIAAAAAAAA",
                    "H4sIAAAAAAAAA6tWKixNLU1VslLKTczMUaoFAPelQe8",
                    "H4sIAAAAAAAAA6tWKixNLU1VslLKTczMUaoFAAAAAAAAAAAA",
                    "\0",
                    "\uFEFF{}"
                })
        void anything_else_is_no_message(String payload) {
            assertThat(Wire.decode(payload)).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(strings = {"[]", "42", "\"text\"", "nonsense", ""})
        void anything_else_is_no_message_when_packed(String json) {
            assertThat(Wire.decode("Z:" + packed(json))).isEmpty();
            assertThat(Wire.decode(packed(json))).isEmpty();
        }

        @Test
        void a_truncated_message_is_none() {
            String packed = packed("{\"text\":\"" + noise(3_000) + "\"}");

            for (int length = 4; length < packed.length(); length += 97) {
                assertThat(Wire.decode(packed.substring(0, length))).isEmpty();
            }
        }

        @ParameterizedTest
        @ValueSource(strings = {"[", "{\"a\":"})
        void deep_nesting_is_no_message(String level) {
            assertThat(Wire.decode("{\"a\":" + level.repeat(7_990 / level.length())))
                    .isEmpty();
            assertThat(Wire.decode("Z:" + packed("{\"a\":" + level.repeat(800_000))))
                    .isEmpty();
        }

        @Test
        void closed_nesting_is_a_message_or_none_and_never_throws() {
            for (int depth : new int[] {100, 999, 1_000, 1_001, 3_000, 100_000}) {
                String json = "{\"a\":" + "[".repeat(depth) + "]".repeat(depth) + "}";

                assertThatCode(() -> Wire.decode("Z:" + packed(json))).doesNotThrowAnyException();
            }
            assertThat(Wire.decode("{\"a\":" + "[".repeat(100) + "]".repeat(100) + "}"))
                    .isPresent();
        }

        @Test
        void a_gzip_bomb_is_no_message() {
            byte[] blanks = new byte[1024 * 1024];
            Arrays.fill(blanks, (byte) ' ');
            String bomb = packed(out -> {
                out.write('{');
                for (int megabyte = 0; megabyte < 64; megabyte++) {
                    out.write(blanks);
                }
                out.write('}');
            });

            assertThat(Wire.decode(bomb)).isEmpty();
        }

        @Test
        void the_most_a_message_may_unpack_to_is_4_mib() {
            int most = 4 * 1024 * 1024;

            assertThat(Wire.decode(packed("{" + " ".repeat(most - 2) + "}"))).isPresent();
            assertThat(Wire.decode(packed("{" + " ".repeat(most - 1) + "}"))).isEmpty();
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "{\"a\":\"\\ud800\"}",
                    "{\"\\udfff\":1}",
                    "{\"a\":\"\\ude00\\ud83d\"}",
                    "{\"a\":\"\uD800\"}",
                    "{\"a\":\"\\u0000\"}",
                    "{\"a\":1e999999999}",
                    "{\"a\":-0.0,\"a\":2}"
                })
        void odd_but_legal_content_survives_a_round_trip_without_throwing(String json) {
            assertThatCode(() -> Wire.decode(json).map(Wire::encode).flatMap(Wire::decode))
                    .doesNotThrowAnyException();
        }

        @Test
        void no_payload_throws() {
            Random random = new Random(42);
            for (int round = 0; round < 20_000; round++) {
                String payload = mangled(random);
                try {
                    Wire.decode(payload);
                } catch (Throwable thrown) {
                    throw new AssertionError("round " + round + " threw on: " + payload, thrown);
                }
            }
        }

        /** A golden message in one of the forms, with a few random changes; or noise. */
        private String mangled(Random random) {
            String json = GOLDEN.get(random.nextInt(GOLDEN.size()));
            StringBuilder payload = new StringBuilder(
                    switch (random.nextInt(6)) {
                        case 0 -> json;
                        case 1 -> packed(json);
                        case 2 -> "Z:" + packed(json);
                        case 3 -> "Z:" + Base64.getEncoder().encodeToString(bytes(random));
                        case 4 -> "H4sI" + Base64.getEncoder().encodeToString(bytes(random));
                        default -> new String(bytes(random), ISO_8859_1);
                    });
            for (int change = random.nextInt(4); change > 0 && !payload.isEmpty(); change--) {
                int at = random.nextInt(payload.length());
                switch (random.nextInt(4)) {
                    case 0 -> payload.deleteCharAt(at);
                    case 1 -> payload.setCharAt(at, (char) random.nextInt(Character.MAX_VALUE + 1));
                    case 2 -> payload.insert(at, "{}[]\":,\\u0".charAt(random.nextInt(10)));
                    default -> payload.setLength(at);
                }
            }
            return payload.toString();
        }

        private byte[] bytes(Random random) {
            byte[] bytes = new byte[random.nextInt(200)];
            random.nextBytes(bytes);
            return bytes;
        }
    }

    @Nested
    class Encoding {

        @ParameterizedTest
        @FieldSource("dev.kerrera.notifier.WireTest#GOLDEN")
        void a_small_message_is_plain_json_which_every_version_reads(String json) {
            assertThat(Wire.encode(parsed(json))).isEqualTo(json);
        }

        @Test
        void up_to_7999_bytes_are_plain() {
            assertThat(Wire.encode(sized(7_999, 'x'))).hasSize(7_999).startsWith("{");
            assertThat(Wire.encode(sized(8_000, 'x'))).startsWith("H4sI");
        }

        @Test
        void bytes_count_and_not_characters() {
            assertThat(Wire.encode(sized(7_999, 'ü')).getBytes(UTF_8)).hasSize(7_999);
            assertThat(Wire.encode(sized(8_001, 'ü'))).startsWith("H4sI");
        }

        @Test
        void a_large_message_is_packed_without_mark_so_that_versions_before_2_21_read_it() throws IOException {
            JsonObject message = sized(100_000, 'x');
            String payload = Wire.encode(message);

            assertThat(payload.getBytes(UTF_8)).hasSizeLessThan(8_000);
            assertThat(unpacked(payload)).isEqualTo(message.toString());
            assertThat(Wire.decode(payload)).contains(message);
        }

        @Test
        void what_is_too_large_even_packed_is_refused() {
            JsonObject message =
                    Json.createObjectBuilder().add("text", noise(20_000)).build();

            assertThatIllegalArgumentException()
                    .isThrownBy(() -> Wire.encode(message))
                    .withMessageMatching("a message of 20011 bytes is \\d+ bytes compressed, and PostgreSQL carries at"
                            + " most 7999: store the data and publish where it is");
        }

        private JsonObject sized(int bytes, char filler) {
            int room = bytes - "{\"a\":\"\"}".length();
            int width = String.valueOf(filler).getBytes(UTF_8).length;
            String text = String.valueOf(filler).repeat(room / width) + "x".repeat(room % width);
            JsonObject message = Json.createObjectBuilder().add("a", text).build();
            assertThat(message.toString().getBytes(UTF_8)).hasSize(bytes);
            return message;
        }
    }

    private static String noise(int length) {
        return new Random(7)
                .ints(length, '0', 'z')
                .map(c -> c == '\\' || c == '"' ? 'x' : c)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                .toString();
    }

    private static JsonObject parsed(String json) {
        try (var reader = Json.createReader(new StringReader(json))) {
            return reader.readObject();
        }
    }

    private interface Content {
        void write(OutputStream out) throws IOException;
    }

    private static String packed(String json) {
        return packed(out -> out.write(json.getBytes(UTF_8)));
    }

    private static String packed(Content content) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(bytes)) {
            content.write(gzip);
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    private static String unpacked(String base64) throws IOException {
        byte[] bytes = Base64.getDecoder().decode(base64);
        try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(gzip.readAllBytes(), UTF_8);
        }
    }
}
