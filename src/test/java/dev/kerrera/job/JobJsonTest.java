package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import jakarta.json.JsonValue;
import java.lang.reflect.Type;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class JobJsonTest {
    public record Order(long id, BigDecimal total, Instant at, List<Line> lines, String note, JobState state) {}

    public record Line(String article_no, int count) {
        public Line {
            if (count < 0) {
                throw new IllegalArgumentException("count must be >= 0, was " + count);
            }
        }
    }

    record Hidden(int a) {}

    @SuppressWarnings("unused")
    private List<Line> lines;

    private static final Order ORDER = new Order(
            9_007_199_254_740_993L,
            new BigDecimal("12345678901234567890.10"),
            Instant.parse("2026-03-08T02:30:00.123456Z"),
            List.of(new Line("x", 2)),
            null,
            JobState.AVAILABLE);

    @Test
    void a_record_comes_back_as_it_went() {
        assertThat(JobJson.read(JobJson.write(ORDER), Order.class)).isEqualTo(ORDER);
    }

    @Test
    void names_are_kept_and_null_components_left_out() {
        assertThat(JobJson.object(JobJson.write(ORDER))).containsOnlyKeys("id", "total", "at", "lines", "state");
        assertThat(JobJson.write(new Line("x", 2))).isEqualTo("{\"article_no\":\"x\",\"count\":2}");
    }

    @Test
    void null_values_of_maps_and_json_objects_are_kept() {
        Map<String, Object> map = new HashMap<>();
        map.put("a", null);
        assertThat(JobJson.write(map)).isEqualTo("{\"a\":null}");
        assertThat(JobJson.write(JobJson.object("{\"a\":null}"))).isEqualTo("{\"a\":null}");
        assertThat(JobJson.write(JsonValue.EMPTY_JSON_OBJECT)).isEqualTo("{}");
    }

    @Test
    void unknown_properties_are_ignored_and_missing_ones_empty() {
        assertThat(JobJson.read("{\"count\":1,\"extra\":[]}", Line.class)).isEqualTo(new Line(null, 1));
    }

    @Test
    void generic_types_are_read() throws NoSuchFieldException {
        Type type = JobJsonTest.class.getDeclaredField("lines").getGenericType();
        assertThat(JobJson.read("[{\"article_no\":\"x\",\"count\":2}]", type)).isEqualTo(List.of(new Line("x", 2)));
    }

    @Test
    void primitive_types_are_read() {
        assertThat(JobJson.read("5", int.class)).isEqualTo(5);
    }

    @Test
    void errors_say_what_was_wrong() {
        assertThatThrownBy(() -> JobJson.read("{\"count\":-1}", Line.class))
                .isInstanceOf(JobJsonException.class)
                .hasMessageContaining("count must be >= 0, was -1");
        assertThatThrownBy(() -> JobJson.write(new Hidden(1)))
                .isInstanceOf(JobJsonException.class)
                .hasMessageContaining("its types must be public");
        assertThatThrownBy(() -> JobJson.read("null", Line.class)).hasMessageContaining("the JSON is null");
        assertThatThrownBy(() -> JobJson.object("{")).hasMessageContaining("malformed JSON");
        assertThatThrownBy(() -> JobJson.write(Map.of("a", Double.NaN))).isInstanceOf(JobJsonException.class);
    }
}
