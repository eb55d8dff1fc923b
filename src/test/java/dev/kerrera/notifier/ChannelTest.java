package dev.kerrera.notifier;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ChannelTest {

    @ParameterizedTest
    @ValueSource(strings = {"insert", "signal", "gossip", "my.channel", "Prices", "oban_x"})
    void the_full_name_has_the_prefix_and_leads_back(String channel) {
        String full = Channel.full("public", channel);

        assertThat(full).isEqualTo("public.oban_" + channel);
        assertThat(Channel.bare("public", full)).contains(channel);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"public.oban_insert", "tenant2.oban_insert", "Tenant.oban_insert", "tenant.insert", "insert", ""
            })
    void channels_of_others_are_none_of_this_prefix(String full) {
        assertThat(Channel.bare("tenant", full)).isEmpty();
    }

    @Test
    void postgresql_takes_63_bytes() {
        int room = 63 - "public.oban_".length();

        assertThat(Channel.full("public", "x".repeat(room))).hasSize(63);
        assertRefused("x".repeat(room + 1));
        assertRefused("ü".repeat(room / 2 + 1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a\0b"})
    void a_channel_has_a_name_without_nul(String unusable) {
        assertRefused(unusable);
    }

    private static void assertRefused(String channel) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Channel.full("public", channel))
                .withMessage(
                        "channel '%s' is 'public.oban_%s' in PostgreSQL: it must not be blank, contain NUL, nor be longer"
                                + " than 63 bytes; choose another name",
                        channel, channel);
    }
}
