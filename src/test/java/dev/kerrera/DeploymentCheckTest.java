package dev.kerrera;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.kerrera.config.OfInstance;
import dev.kerrera.notifier.ChannelDiscovery;
import dev.kerrera.notifier.Notification;
import dev.kerrera.notifier.OnChannel;
import dev.kerrera.worker.Cron;
import dev.kerrera.worker.JobContext;
import dev.kerrera.worker.Outcome;
import dev.kerrera.worker.Work;
import dev.kerrera.worker.Worker;
import dev.kerrera.worker.WorkerDiscovery;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.spi.DeploymentException;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.eclipse.microprofile.config.ConfigProvider;
import org.eclipse.microprofile.config.spi.ConfigProviderResolver;
import org.jboss.weld.environment.se.Weld;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class DeploymentCheckTest {

    private final ClassLoader before = Thread.currentThread().getContextClassLoader();
    private final ClassLoader application = new ClassLoader(before) {};
    private final Map<String, String> properties = new HashMap<>();

    @Work
    static class OnDefault implements Worker<String> {
        @Override
        public Outcome perform(String args, JobContext job) {
            return Outcome.ok();
        }
    }

    @Work(queue = "mail")
    static class OnMail extends OnDefault {}

    @Work(queue = "push")
    static class OnPush extends OnDefault {}

    @Work(queue = "mail", priority = 11)
    static class Lazy extends OnDefault {}

    @Work(name = "timed")
    @Cron(value = "0 24 * * *", name = "late")
    static class Late extends OnDefault {}

    @ApplicationScoped
    static class Gossiping {
        void on(
                @Observes @OnChannel("a channel whose name is far too long for PostgreSQL to take it")
                        Notification news) {}
    }

    @ApplicationScoped
    static class Misspelled {
        void on(@Observes @OnChannel("prices") @OfInstance("reprots") Notification news) {}
    }

    @BeforeEach
    void enter_an_application() {
        Thread.currentThread().setContextClassLoader(application);
    }

    @AfterEach
    void leave_it() {
        try {
            ConfigProviderResolver.instance().releaseConfig(ConfigProvider.getConfig(application));
        } finally {
            Thread.currentThread().setContextClassLoader(before);
            properties.keySet().forEach(System::clearProperty);
        }
    }

    @Test
    void an_application_without_mistakes_is_deployed() {
        set("kerrera.queues", "default:1,mail:0");

        assertThatCode(() -> deploy(OnDefault.class, OnMail.class)).doesNotThrowAnyException();
    }

    @Test
    void an_unknown_queue_is_told_with_its_worker_and_the_remedy() {
        set("kerrera.queues", "default:1,push:1");

        refused(OnDefault.class, OnMail.class)
                .hasMessage("Kerrera cannot start, mend these first:\n  - " + OnMail.class.getName()
                        + " works on queue 'mail', which is not among [default, push]: add it to kerrera.queues,"
                        + " with limit 0 if other nodes run it");
    }

    @Test
    void mistakes_in_workers_configuration_and_observers_are_told_together() {
        set("kerrera.stager.limit", "many");
        set("kerrera.stagger.limit", "5");

        refused(Lazy.class, Gossiping.class)
                .hasMessageContaining(Lazy.class.getName() + " has priority 11")
                .hasMessageContaining("kerrera.stager.limit must be a whole number")
                .hasMessageContaining("did you mean kerrera.stager.limit?");
    }

    @Test
    void unknown_queues_are_told_beside_mistakes_in_workers_and_observers() {
        refused(Lazy.class, OnPush.class, Gossiping.class)
                .hasMessageContaining(Lazy.class.getName() + " has priority 11")
                .hasMessageContaining(Lazy.class.getName() + " works on queue 'mail'")
                .hasMessageContaining(OnPush.class.getName() + " works on queue 'push'")
                .hasMessageContaining("An observer names the channel 'a channel whose name is far too long");
    }

    @Test
    void mistakes_in_the_crontab_and_the_schedule_of_the_reindexer_are_told_with_their_instance() {
        set("kerrera.cron.entries.nightly.expression", "0 0 * * *");
        set("kerrera.cron.entries.nightly.worker", "times");
        set("kerrera.reindexer.schedule", "nightly");
        set("kerrera.instances", "reports");
        set("kerrera.instance.reports.prefix", "reports");
        set("kerrera.instance.reports.cron.entries.late.expression", "x");
        set("kerrera.instance.reports.cron.entries.late.worker", "timed");
        set("kerrera.instance.reports.reindexer.schedule", "@reboot");

        refused(Late.class)
                .hasMessageContaining(
                        "@Cron(\"0 24 * * *\") of timed has the expression '0 24 * * *': the hour '24' is wrong")
                .hasMessageContaining("kerrera.cron.entries.nightly names the worker 'times'")
                .hasMessageContaining("did you mean timed?")
                .hasMessageContaining("kerrera.reindexer.schedule is 'nightly': there must be five fields")
                .hasMessageContaining("kerrera.instance.reports.cron.entries.late has the expression 'x'")
                .hasMessageContaining("kerrera.instance.reports.reindexer.schedule must name times");
    }

    @Test
    void an_observer_of_an_instance_that_does_not_exist_is_told() {
        set("kerrera.queues", "default:1");
        set("kerrera.instances", "reports");
        set("kerrera.instance.reports.prefix", "reports");

        refused(OnDefault.class, Misspelled.class)
                .hasMessageContaining(
                        "An observer names the instance 'reprots', which does not exist: kerrera.instances has [reports]");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> refused(Class<?>... beans) {
        return assertThatThrownBy(() -> deploy(beans)).isInstanceOf(DeploymentException.class);
    }

    private void set(String key, String value) {
        properties.put(key, value);
        System.setProperty(key, value);
    }

    private static void deploy(Class<?>... beans) {
        new Weld()
                .disableDiscovery()
                .addExtensions(new WorkerDiscovery(), new ChannelDiscovery(), new DeploymentCheck())
                .addBeanClasses(beans)
                .initialize()
                .shutdown();
    }
}
