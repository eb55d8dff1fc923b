package dev.kerrera.elixir;

import static org.assertj.core.api.Assertions.assertThat;

import dev.kerrera.notifier.Wiretap.Heard;
import dev.kerrera.testsupport.PooledSchema;
import dev.kerrera.testsupport.RawJobs;
import dev.kerrera.testsupport.TestSchema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The measures themselves: they let pass what Elixir sends, and catch what would harm it. */
@ExtendWith(PooledSchema.class)
class ContractsTest {

    private static final String ID = "7b53e4d1-9a5e-4c3c-8a0c-0d1f7c1b1a11";

    private final RawJobs jobs;

    ContractsTest(TestSchema schema) {
        this.jobs = new RawJobs(schema);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "args = '[1]'",
                "meta = NULL",
                "meta = '1'",
                "tags = NULL",
                "attempt = 20",
                "attempt = 1",
                "attempted_by = '{here}'",
                "attempted_by = '{here,there,everywhere}'",
                "attempted_by = '{here,there}'",
                "state = 'completed'",
                "state = 'cancelled'",
                "state = 'discarded'",
                "scheduled_at = timezone('America/Los_Angeles', now())",
                "errors = ARRAY['{\"attempt\": 1, \"at\": \"2026-01-01T00:00:00.000000Z\"}'::jsonb]",
                "errors = ARRAY['{\"attempt\": 1, \"at\": \"2026-01-01T00:00:00Z\", \"error\": \"\", \"more\": 1}'::jsonb]",
                "errors = ARRAY['{\"attempt\": \"1\", \"at\": \"2026-01-01T00:00:00Z\", \"error\": \"\"}'::jsonb]",
                "errors = ARRAY['{\"attempt\": 1, \"at\": \"2026-01-01 00:00:00\", \"error\": \"\"}'::jsonb]",
                "errors = ARRAY['\"text\"'::jsonb]"
            })
    void a_bad_row_is_caught(String columns) {
        jobs.change(jobs.add("(worker) VALUES ('A')"), columns);

        assertThat(new RowContract(jobs).breaches()).isNotEmpty();
    }

    @Test
    void good_rows_pass() {
        jobs.add("(worker) VALUES ('A')");
        long job = jobs.add("(worker) VALUES ('A')");
        jobs.change(
                job,
                ("state = 'executing', attempt = 1, attempted_at = timezone('UTC', now()), attempted_by = '{web.1,%s}',"
                                + " errors = ARRAY['{\"attempt\": 1, \"at\": \"2026-01-01T00:00:00.000001Z\", \"error\": \"** (E)\"}'::jsonb]")
                        .formatted(ID));

        assertThat(new RowContract(jobs).breaches()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "insert  | {\"queue\":1}",
                "insert  | [1]",
                "insert  | \"text\"",
                "insert  | {\"queue\":\"a\"",
                "insert  | Z:H4sIAAAAAAAA",
                "insert  | {\"queue\":\"a\",\"ident\":7}",
                "leader  | {\"lock\":\"a\"}",
                "signal  | {\"action\":\"start\",\"ident\":\"any\",\"limit\":1,\"queue\":\"a\",\"lasting\":true}",
                "signal  | {\"action\":\"start\",\"ident\":\"any\",\"limit\":0,\"queue\":\"a\"}",
                "signal  | {\"action\":\"scale\",\"ident\":\"any\",\"limit\":1,\"queue\":\"a\",\"foo\":1}",
                "signal  | {\"action\":\"pause\",\"queue\":\"a\"}",
                "signal  | {\"action\":\"pkill\",\"job_id\":\"7\"}",
                "sonar   | {\"node\":\"a\",\"ping\":true,\"time\":1}",
                "sonar   | {\"ping\":true}",
                "gossip  | {\"checks\":[{\"name\":\"Oban\",\"queue\":\"a\"}]}",
                "metrics | {\"metrics\":[{\"value\":{}}],\"node\":\"a\",\"time\":1}",
                "cronitor | {\"crontab\":[[\"* * * * *\",\"A\"]],\"name\":\"Oban\",\"node\":\"a\"}",
                "other   | {}"
            })
    void a_bad_message_is_caught(String channel, String payload) {
        assertThat(MessageContract.breach(new Heard(1, "public.oban_" + channel, payload)))
                .isPresent();
    }

    @Test
    void a_message_that_is_too_long_is_caught() {
        String payload = "{\"queue\":\"" + "a".repeat(7_990) + "\"}";

        assertThat(MessageContract.breach(new Heard(1, "public.oban_insert", payload)))
                .isPresent();
    }
}
