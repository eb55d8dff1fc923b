package dev.kerrera;

import dev.kerrera.config.Instances;
import dev.kerrera.config.Internal;
import dev.kerrera.config.LifelineSettings;
import dev.kerrera.config.MetSettings;
import dev.kerrera.config.MigrationSettings;
import dev.kerrera.config.NotifierSettings;
import dev.kerrera.config.PeerSettings;
import dev.kerrera.config.Prefix;
import dev.kerrera.config.PrunerSettings;
import dev.kerrera.config.QueueSettings;
import dev.kerrera.config.ResultSettings;
import dev.kerrera.config.Settings;
import dev.kerrera.config.StagerSettings;
import dev.kerrera.notifier.ChannelDiscovery;
import dev.kerrera.notifier.Listeners;
import dev.kerrera.notifier.ListeningSwitch;
import dev.kerrera.testsupport.TestSettings;
import dev.kerrera.worker.WorkerDiscovery;
import jakarta.annotation.Resource;
import jakarta.enterprise.concurrent.ContextService;
import jakarta.enterprise.concurrent.ManagedExecutorService;
import jakarta.enterprise.concurrent.ManagedScheduledExecutorService;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Any;
import jakarta.enterprise.inject.spi.AfterBeanDiscovery;
import jakarta.enterprise.inject.spi.Extension;
import jakarta.enterprise.inject.spi.InjectionPoint;
import jakarta.inject.Singleton;
import jakarta.transaction.Status;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.stream.Stream;
import javax.naming.Context;
import javax.naming.spi.InitialContextFactory;
import javax.sql.DataSource;
import org.jboss.weld.environment.se.Weld;
import org.jboss.weld.environment.se.WeldContainer;
import org.jboss.weld.injection.spi.ResourceInjectionServices;
import org.jboss.weld.injection.spi.ResourceReference;
import org.jboss.weld.injection.spi.ResourceReferenceFactory;

/** A whole node with all its rooms in a CDI container, on a real database and without a server. */
public final class WeldNode implements AutoCloseable {

    private static final String[] BEANS = {
        "KerreraBeans",
        "Surroundings",
        "NodeStarter",
        "task.TaskBeans",
        "db.DbBeans",
        "worker.WorkerBeans",
        "admin.LiveCheck",
        "admin.ReadyCheck",
        "admin.StartedCheck"
    };

    private static volatile Map<String, DataSource> bound;

    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(8);
    private final WeldContainer container;

    /** Starts the node; beans are those of the application. */
    public WeldNode(Settings settings, DataSource dataSource, Class<?>... beans) {
        this(Instances.only(settings), dataSource, beans);
    }

    /** Starts the node with several instances. */
    public WeldNode(Instances instances, DataSource dataSource, Class<?>... beans) {
        this(instances, Map.of("jdbc/kerrera", dataSource), beans);
    }

    /** Starts the node with several instances on the data sources of those names. */
    public WeldNode(Instances instances, Map<String, DataSource> dataSources, Class<?>... beans) {
        bound = dataSources;
        System.setProperty(Context.INITIAL_CONTEXT_FACTORY, Jndi.class.getName());
        container = new Weld()
                .disableDiscovery()
                .addBeanClasses(Stream.concat(Arrays.stream(BEANS).map(WeldNode::load), Arrays.stream(beans))
                        .toArray(Class<?>[]::new))
                .addExtensions(new WorkerDiscovery(), new ChannelDiscovery(), new Configured(instances))
                .addServices(new Resources())
                .initialize();
        ListeningSwitch.on(get(Listeners.class));
    }

    /** Settings with one queue, {@code default}, and short intervals. */
    public static Settings settings(String prefix, NotifierSettings notifier) {
        return settings("weld-1", prefix, Duration.ofMillis(100), notifier);
    }

    /** The same for a node of that name that asks the table that often. */
    static Settings settings(String node, String prefix, Duration pollInterval, NotifierSettings notifier) {
        return new Settings(
                true,
                "Kerrera",
                node,
                new Prefix(prefix),
                "jdbc/kerrera",
                new MigrationSettings(false, true, true),
                Map.of("default", new QueueSettings("default", 3)),
                Duration.ZERO,
                pollInterval,
                Duration.ofSeconds(2),
                Duration.ofSeconds(30),
                Duration.ofSeconds(10),
                new ResultSettings(false, true),
                notifier,
                new PeerSettings(true, Duration.ofSeconds(5), Duration.ofSeconds(20)),
                new PrunerSettings(
                        true,
                        Duration.ofSeconds(30),
                        10_000,
                        Duration.ofDays(1),
                        Duration.ofDays(7),
                        Duration.ofDays(7)),
                new StagerSettings(Duration.ofMillis(100), 100),
                new LifelineSettings(Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofHours(1), 3),
                new MetSettings(MetSettings.Mode.AUTO),
                TestSettings.of("public").cron(),
                TestSettings.of("public").reindexer());
    }

    /** A notifier that listens on connections made as those of the data source, or to another server. */
    public static NotifierSettings listening(Optional<String> url) {
        return new NotifierSettings(
                NotifierSettings.Mode.LISTEN, url, Optional.empty(), Optional.empty(), false, Duration.ofMillis(1));
    }

    /** A bean, or a part of the main instance. */
    public <T> T get(Class<T> type) {
        Node main = container.select(Nodes.class).get().main();
        Object part = Stream.concat(
                        Stream.of(main.notifier(), main.listening(), main.queues(), main.peer(), main.upkeep()),
                        main.upkeep().services().stream())
                .filter(type::isInstance)
                .findFirst()
                .orElseGet(() -> container.select(type, Any.Literal.INSTANCE).get());
        return type.cast(part);
    }

    /** The front door of a named instance. */
    JobService jobs(String instance) {
        return container.select(Nodes.class).get().of(instance).jobs();
    }

    @Override
    public void close() {
        try {
            Listeners listeners = get(Listeners.class);
            container.shutdown();
            ListeningSwitch.off(listeners);
        } finally {
            threads.shutdownNow();
            System.clearProperty(Context.INITIAL_CONTEXT_FACTORY);
        }
    }

    private static Class<?> load(String name) {
        try {
            return Class.forName("dev.kerrera." + name);
        } catch (ClassNotFoundException moved) {
            throw new AssertionError(moved);
        }
    }

    private record Configured(Instances instances) implements Extension {
        void add(@Observes AfterBeanDiscovery event) {
            event.<Instances>addBean()
                    .types(Instances.class)
                    .scope(Singleton.class)
                    .createWith(context -> instances);
            event.<Clock>addBean()
                    .types(Clock.class)
                    .qualifiers(new InternalLiteral())
                    .scope(Singleton.class)
                    .createWith(context -> Clock.systemUTC());
        }
    }

    @SuppressWarnings("all") // an annotation as a value
    private static final class InternalLiteral extends jakarta.enterprise.util.AnnotationLiteral<Internal>
            implements Internal {}

    /** The server's JNDI, which knows data sources. */
    public static final class Jndi implements InitialContextFactory {
        @Override
        public Context getInitialContext(Hashtable<?, ?> environment) {
            return fake(
                    Context.class,
                    (proxy, method, args) -> method.getName().equals("lookup") ? bound.get((String) args[0]) : null);
        }
    }

    /** The server's resources, without transactions. */
    private final class Resources implements ResourceInjectionServices {

        @Override
        public ResourceReferenceFactory<Object> registerResourceInjectionPoint(InjectionPoint injectionPoint) {
            Object resource = resource(
                    injectionPoint.getAnnotated().getAnnotation(Resource.class).lookup());
            return () -> new ResourceReference<>() {
                @Override
                public Object getInstance() {
                    return resource;
                }

                @Override
                public void release() {}
            };
        }

        @Override
        public ResourceReferenceFactory<Object> registerResourceInjectionPoint(String name, String mappedName) {
            throw new UnsupportedOperationException(name);
        }

        private Object resource(String name) {
            return switch (name) {
                case "java:module/concurrent/kerrera" -> over(ManagedExecutorService.class);
                case "java:module/concurrent/kerrera-timer" -> over(ManagedScheduledExecutorService.class);
                case "java:module/concurrent/kerrera-context", "java:module/concurrent/kerrera-place" ->
                    fake(
                            ContextService.class,
                            (proxy, method, args) -> args == null ? (Executor) Runnable::run : args[0]);
                case "java:comp/TransactionSynchronizationRegistry" ->
                    fake(
                            TransactionSynchronizationRegistry.class,
                            (proxy, method, args) -> Status.STATUS_NO_TRANSACTION);
                default -> throw new AssertionError("no such resource: " + name);
            };
        }

        private <T> T over(Class<T> type) {
            return fake(type, (proxy, method, args) -> {
                try {
                    return ScheduledExecutorService.class
                            .getMethod(method.getName(), method.getParameterTypes())
                            .invoke(threads, args);
                } catch (InvocationTargetException failed) {
                    throw failed.getCause();
                }
            });
        }

        @Override
        public void cleanup() {}
    }

    private static <T> T fake(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(WeldNode.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
