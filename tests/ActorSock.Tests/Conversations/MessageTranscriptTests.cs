using ActorSock.Testing;

namespace ActorSock.Tests.Conversations;

/// <summary>
/// Golden conversations in which a message is what one read, or one datagram, delivers; the same over every family of addresses.
/// </summary>
public sealed class MessageTranscriptTests
{
    public static TheoryData<string> Names => new(Directory.GetFiles(Folder, "*.txt").Select(p => Path.GetFileNameWithoutExtension(p)!).Order());

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Messages");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Over_TCP_and_IPv4(string name) =>
        await Play(name, "\"127.0.0.1:0\"", (node, service) => WireClient.Connect(node.PortOf(service)));

    [IPv6Theory]
    [MemberData(nameof(Names))]
    public async Task Over_TCP_and_IPv6(string name) =>
        await Play(name, "\"[::1]:0\"", (node, service) => WireClient.ConnectV6(node.PortOf(service)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Over_a_Unix_socket(string name)
    {
        var folder = Directory.CreateTempSubdirectory("as-");
        var path = Path.Combine(folder.FullName, "service.sock");
        await Play(name, $"\"unix:{path}\"", (_, _) => WireClient.Connect(path));
        folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Over_UDP(string name)
    {
        if (!Load(name).OnlyStreams)
            await Play(name, "off", (node, service) => WireClient.ConnectUdp(node.PortOf($"{service}-udp")));
    }

    private static Transcript Load(string name) => Transcript.Load(Path.Combine(Folder, name + ".txt"));

    private static async Task Play(string name, string endpoint, Func<TestNode, string, Task<WireClient>> connect)
    {
        var transcript = Load(name);
        await using var node = await TestNode.Start(
            [.. TestNode.On(transcript.Service), $"actorsock.{transcript.Service}.endpoint={endpoint}"]);
        using var client = await connect(node, transcript.Service);
        await transcript.Play(node, client, left => left);
    }
}
