package dev.kerrera.job;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.testsupport.SampleJob;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JobProgressTest {

    private static final Instant AT = Instant.parse("2026-01-01T12:00:00.000123Z");

    @Test
    void is_spelled_as_an_object() {
        assertThat(new JobProgress(1, 4, "one of four", AT).toJson())
                .isEqualTo("{\"done\":1,\"total\":4,\"note\":\"one of four\",\"at\":\"2026-01-01T12:00:00.000123Z\"}");
        assertThat(new JobProgress(0, 0, null, AT).toJson())
                .isEqualTo("{\"done\":0,\"total\":0,\"at\":\"2026-01-01T12:00:00.000123Z\"}");
    }

    @Property(tries = 300)
    void is_read_as_it_was_said(
            @ForAll @LongRange(min = 0) long a,
            @ForAll @LongRange(min = 0) long b,
            @ForAll String note,
            @ForAll @LongRange(min = 0, max = 4_000_000_000_000_000L) long micros) {
        JobProgress said =
                new JobProgress(Math.min(a, b), Math.max(a, b), note, Instant.EPOCH.plus(micros, ChronoUnit.MICROS));

        assertThat(JobProgress.of(job("{\"x\": 1, \"progress\": %s}".formatted(said.toJson()))))
                .contains(said);
        assertThat(said.note().codePointCount(0, said.note().length())).isLessThanOrEqualTo(200);
        assertThat(Unstorable.in(said.note())).isFalse();
    }

    @Test
    void no_note_is_read_as_none() {
        JobProgress said = new JobProgress(3, 4, null, AT);

        assertThat(JobProgress.of(job("{\"progress\": %s}".formatted(said.toJson()))))
                .contains(said);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{\"progress\": null}",
                "{\"progress\": 50}",
                "{\"progress\": \"half\"}",
                "{\"progress\": []}",
                "{\"progress\": {}}",
                "{\"progress\": {\"done\": 1, \"total\": 4}}",
                "{\"progress\": {\"done\": 1, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": \"1\", \"total\": 4, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": 1.5, \"total\": 4, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": 5, \"total\": 4, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": -1, \"total\": 4, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": 1, \"total\": 1e30, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": 1, \"total\": 1e999999999, \"at\": \"2026-01-01T12:00:00Z\"}}",
                "{\"progress\": {\"done\": 1, \"total\": 4, \"at\": \"noon\"}}",
                "{\"progress\": {\"done\": 1, \"total\": 4, \"at\": 12}}",
                "[]",
                "5"
            })
    void whatever_else_stands_there_is_read_as_nothing(String meta) {
        assertThat(JobProgress.of(job(meta))).isEmpty();
    }

    @Test
    void a_job_without_meta_has_said_nothing() {
        assertThat(JobProgress.of(job(null))).isEmpty();
    }

    @Test
    void a_note_is_cut_between_characters() {
        assertThat(new JobProgress(0, 1, "🚀".repeat(201), AT).note()).isEqualTo("🚀".repeat(200));
        assertThat(new JobProgress(0, 1, "a".repeat(200), AT).note()).isEqualTo("a".repeat(200));
        assertThat(new JobProgress(0, 1, "a".repeat(201), AT).note()).isEqualTo("a".repeat(200));
    }

    @Test
    void a_note_loses_what_cannot_be_stored_before_it_is_cut() {
        assertThat(new JobProgress(0, 1, "\0".repeat(300) + "end", AT).note()).isEqualTo("end");
        assertThat(new JobProgress(0, 1, "a\ud83d", AT).note()).isEqualTo("a");
    }

    @ParameterizedTest
    @CsvSource({"-1, 4", "5, 4", "0, -1", "-9223372036854775808, -9223372036854775808"})
    void done_must_lie_between_nothing_and_all(long done, long total) {
        assertThatThrownBy(() -> new JobProgress(done, total, null, AT))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("done must be 0 to total, was %d of %d".formatted(done, total));
    }

    private static Job job(String meta) {
        return SampleJob.at(AT).meta(meta).job();
    }
}
