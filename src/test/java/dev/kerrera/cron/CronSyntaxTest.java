package dev.kerrera.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CronSyntaxTest {

    private static final Instant NEW_YEAR = Instant.parse("2025-12-31T23:59:59Z");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*|0,1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23",
                "7|7",
                "007|7",
                "00|0",
                "8-11|8,9,10,11",
                "8-8|8",
                "*/9|0,9,18",
                "8-20/5|8,13,18",
                "20/2|20,22",
                "*/24|0",
                "*/99|0",
                "3/99|3",
                "1,3-4,*/12,22/1|0,1,3,4,12,22,23",
                "5,5,5|5"
            })
    void a_field_is_a_list_of_values_ranges_and_steps(String hours, String named) {
        assertThat(hours("0 " + hours + " * * *")).isEqualTo(named);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "0 0 1 JAN *|0 0 1 1 *",
                "0 0 1 FEB,APR-JUN,DEC *|0 0 1 2,4-6,12 *",
                "0 0 1 JAN/3 *|0 0 1 1/3 *",
                "0 0 * * SUN|0 0 * * 0",
                "0 0 * * MON-FRI|0 0 * * 1-5",
                "0 0 * * TUE,SAT|0 0 * * 2,6",
                "0 0 1 1JAN *|0 0 1 11 *"
            })
    void names_of_months_and_weekdays_are_replaced_by_their_numbers(String named, String numbered) {
        assertThat(year(named)).isEqualTo(year(numbered)).isNotEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "@yearly, 0 0 1 1 *",
        "@annually, 0 0 1 1 *",
        "@monthly, 0 0 1 * *",
        "@weekly, 0 0 * * 0",
        "@daily, 0 0 * * *",
        "@midnight, 0 0 * * *",
        "@hourly, 0 * * * *"
    })
    void nicknames_stand_for_expressions(String nickname, String meaning) {
        assertThat(year(nickname)).isEqualTo(year(meaning)).isNotEmpty();
        assertThat(CronExpression.parse(nickname).text()).isEqualTo(nickname);
        assertThat(CronExpression.parse(nickname).isReboot()).isFalse();
    }

    @Test
    void reboot_names_no_instant() {
        CronExpression reboot = CronExpression.parse("@reboot");

        assertThat(reboot.isReboot()).isTrue();
        assertThat(year("@reboot")).isEmpty();
        assertThat(reboot.next(NEW_YEAR, ZoneOffset.UTC)).isEmpty();
        assertThat(reboot.last(NEW_YEAR, ZoneOffset.UTC)).isEmpty();
    }

    @Test
    void day_of_the_month_and_weekday_must_both_match() {
        assertThat(year("0 0 13 * FRI"))
                .extracting(Instant::toString)
                .containsExactly("2026-02-13T00:00:00Z", "2026-03-13T00:00:00Z", "2026-11-13T00:00:00Z");
    }

    @ParameterizedTest
    @ValueSource(strings = {"  0  6\t*   * \t *", "\t0 6 * * *", "0\n6 * * *"})
    void any_white_space_separates_fields_and_may_stand_before_them(String text) {
        assertThat(year(text)).isEqualTo(year("0 6 * * *"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "\"\"|there must be five fields, minute hour day month weekday, such as '0 6 * * MON-FRI'; there are 0",
                "\"  \"|there are 0",
                "0 6 * *|there are 4",
                "0 0 6 * * *|there are 6",
                "\"0 6 * * * \"|white space after the last field is not allowed: remove it",
                "\"0 6 * * *\t\"|white space after the last field is not allowed: remove it",
                "@Daily|the nickname '@Daily' is unknown: there are @yearly",
                "\"@daily \"|the nickname '@daily ' is unknown",
                "\" @daily\"|there are 1",
                "@every 5m|the nickname '@every 5m' is unknown",
                "60 * * * *|the minute '60' is wrong: 60 is out of range: values are 0 to 59",
                "0-60 * * * *|60 is out of range",
                "99999999999999999999 * * * *|out of range",
                "* 24 * * *|the hour '24' is wrong: 24 is out of range: values are 0 to 23",
                "* 23-24 * * *|24 is out of range",
                "0 0 0 * *|the day of the month '0' is wrong: 0 is out of range: values are 1 to 31",
                "0 0 32 * *|32 is out of range",
                "0 0 1 0 *|the month '0' is wrong: 0 is out of range: values are 1 to 12",
                "0 0 1 13 *|13 is out of range",
                "0 0 * * 7|the weekday '7' is wrong: 7 is out of range: Sunday is 0",
                "0 0 * * 5-7|7 is out of range: Sunday is 0",
                "5-4 * * * *|the range 5-4 runs backwards: write two ranges, joined by a comma",
                "0 0 * * SAT-SUN|the range 6-0 runs backwards",
                "*/0 * * * *|'*/0' is not understood",
                "*/05 * * * *|'*/05' is not understood",
                "*/100 * * * *|'*/100' is not understood",
                "1-5/ * * * *|'1-5/' is not understood",
                "*-5 * * * *|'*-5' is not understood",
                "1- * * * *|'1-' is not understood",
                "-1 * * * *|'-1' is not understood",
                "1-2-3 * * * *|'1-2-3' is not understood",
                "+1 * * * *|'+1' is not understood",
                "1, * * * *|'' is not understood",
                ",1 * * * *|'' is not understood",
                "1,,2 * * * *|'' is not understood",
                "1, 2 * * *|'' is not understood",
                "? * * * *|'?' is not understood: write *, a number, a range such as 0-2, or one of them with a step of 1 to 99 such as */5",
                "H * * * *|'H' is not understood",
                "0 0 L * *|'L' is not understood",
                "0 0 15W * *|'15W' is not understood",
                "0 0 * * 5#3|'5#3' is not understood",
                "0 0 * * 5L|'5L' is not understood",
                "0 0 * jan *|'jan' is not understood: write *, a number, a range such as 1-3, or one of them with a step of 1 to 99 such as */5, joined by commas; names are JAN to DEC in capitals",
                "0 0 * * Mon|'Mon' is not understood",
                "0 0 * * MONDAY|'1DAY' is not understood",
                "0 0 JAN * *|the day of the month 'JAN' is wrong",
                "0 0 * SUN *|the month 'SUN' is wrong",
                "٣ * * * *|'٣' is not understood",
                "0 0 30 2 *|the day of the month '30' is wrong: it never occurs in the month '2', choose another day or month",
                "0 0 31 FEB,APR,JUN,SEP,NOV *|it never occurs in the month 'FEB,APR,JUN,SEP,NOV'",
                "0 0 30-31 2 MON|it never occurs"
            })
    void a_mistake_is_told_with_its_field_and_the_remedy(String text, String message) {
        assertThatExceptionOfType(CronSyntaxException.class)
                .isThrownBy(() -> CronExpression.parse(text))
                .withMessageContaining(message);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0 0 29 2 *",
                "0 0 30,31 1-3 *",
                "0 0 31 */2 *",
                "0 0 31 * *",
                "0 0 */31 2 *",
                "0 0 * 2 *",
                "0 0 30/1 FEB/1 *"
            })
    void a_day_that_some_month_has_is_allowed(String text) {
        assertThat(CronExpression.parse(text).next(NEW_YEAR, ZoneOffset.UTC)).isPresent();
    }

    @Test
    void expressions_are_equal_when_their_texts_are() {
        assertThat(CronExpression.parse("@daily"))
                .isEqualTo(CronExpression.parse("@daily"))
                .hasSameHashCodeAs(CronExpression.parse("@daily"))
                .isNotEqualTo(CronExpression.parse("0 0 * * *"))
                .hasToString("@daily");
        assertThatThrownBy(() -> CronExpression.parse("x")).isInstanceOf(IllegalArgumentException.class);
    }

    private static String hours(String text) {
        return String.join(
                ",",
                CronExpression.parse(text)
                        .between(NEW_YEAR, Instant.parse("2026-01-01T23:59:59Z"), ZoneOffset.UTC)
                        .stream()
                        .map(instant ->
                                String.valueOf(instant.atZone(ZoneId.of("UTC")).getHour()))
                        .toList());
    }

    private static List<Instant> year(String text) {
        return CronExpression.parse(text).between(NEW_YEAR, Instant.parse("2026-12-31T23:59:59Z"), ZoneOffset.UTC);
    }
}
