package dev.kerrera.notifier;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A port that leads to another one while it is open, refuses connections while it is closed, or takes them and stays silent. It can
 * also lose what is under way, as a firewall does that has forgotten its connections.
 */
public final class TcpGate implements AutoCloseable {

    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final List<AutoCloseable> sockets = new CopyOnWriteArrayList<>();
    private final int port;
    private final int target;
    private final String url;
    private volatile boolean losing;

    /** A gate in front of the server of that JDBC URL, closed at first. */
    public TcpGate(String url) throws IOException {
        this.target = URI.create(url.substring("jdbc:".length())).getPort();
        try (ServerSocket free = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            this.port = free.getLocalPort();
        }
        this.url = url.replace(":" + target + "/", ":" + port + "/");
    }

    /** The way through the gate. */
    public String url() {
        return url;
    }

    public void open() throws IOException {
        accept(true);
    }

    void takeAndStaySilent() throws IOException {
        accept(false);
    }

    /** Loses whatever is sent, in connections there are and in new ones, and tells nobody. */
    public void lose() {
        losing = true;
    }

    /** Loses nothing more. Connections in which something was lost stay without a word. */
    public void loseNoMore() {
        losing = false;
    }

    /** Whether somebody is connected. */
    boolean taken() {
        return sockets.size() > 1;
    }

    private void accept(boolean forward) throws IOException {
        ServerSocket server = new ServerSocket();
        server.setReuseAddress(true);
        server.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        sockets.add(server);
        threads.execute(() -> {
            try {
                while (true) {
                    Socket inner = server.accept();
                    sockets.add(inner);
                    if (forward) {
                        Socket outer = new Socket(InetAddress.getLoopbackAddress(), target);
                        sockets.add(outer);
                        threads.execute(() -> copy(inner, outer));
                        threads.execute(() -> copy(outer, inner));
                    }
                }
            } catch (IOException closed) {
                // the gate was shut
            }
        });
    }

    private void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            boolean lost = losing;
            byte[] buffer = new byte[8_192];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                lost |= losing;
                if (!lost) {
                    out.write(buffer, 0, read);
                }
            }
        } catch (IOException closed) {
            // one side has gone, so the other goes too
        }
    }

    /** Cuts every connection and refuses new ones. */
    void shut() throws Exception {
        for (AutoCloseable socket : sockets) {
            socket.close();
        }
        sockets.clear();
    }

    @Override
    public void close() throws Exception {
        shut();
        threads.shutdownNow();
    }
}
