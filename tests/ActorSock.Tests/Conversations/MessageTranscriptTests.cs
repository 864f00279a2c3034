using System.Net;
using ActorSock.Testing;

namespace ActorSock.Tests.Conversations;

/// <summary>
/// Golden conversations in which a message is what one read, one datagram or one line delivers; the same over every family of addresses.
/// </summary>
public sealed class MessageTranscriptTests
{
    public static TheoryData<string> Names => new(Directory.GetFiles(Folder, "*.txt").Select(p => Path.GetFileNameWithoutExtension(p)!).Order());

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Messages");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Over_TCP_and_IPv4(string name) =>
        await PlayStream(name, "\"127.0.0.1:0\"", (node, service) => WireClient.Connect(node.PortOf(service)));

    [IPv6Theory]
    [MemberData(nameof(Names))]
    public async Task Over_TCP_and_IPv6(string name) =>
        await PlayStream(name, "\"[::1]:0\"", (node, service) => WireClient.ConnectV6(node.PortOf(service)));

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Over_a_Unix_socket(string name)
    {
        var folder = Directory.CreateTempSubdirectory("as-");
        var path = Path.Combine(folder.FullName, "service.sock");
        await PlayStream(name, $"\"unix:{path}\"", (_, _) => WireClient.Connect(path));
        folder.Delete(recursive: true);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Over_UDP(string name)
    {
        if (!Load(name).OnlyStreams)
            await Play(name, "off", (node, service, from) => WireClient.ConnectUdp(node.PortOf($"{service}-udp"), from));
    }

    private static Transcript Load(string name) => Transcript.Load(Path.Combine(Folder, name + ".txt"));

    private static async Task PlayStream(string name, string endpoint, Func<TestNode, string, Task<WireClient>> connect)
    {
        if (!Load(name).OnlyDatagrams)
            await Play(name, endpoint, async (node, service, _) => (await connect(node, service)).WithUrgentInLine());
    }

    private static async Task Play(string name, string endpoint, Func<TestNode, string, IPAddress?, Task<WireClient>> connect)
    {
        var transcript = Load(name);
        if (transcript.Service == "commands" && !OperatingSystem.IsLinux())
            return; // the programs of the transcripts are elsewhere, and end in other ways
        await using var node = await TestNode.Start(
            [.. TestNode.On(transcript.Service), .. transcript.Settings, $"actorsock.{transcript.Service}.endpoint={endpoint}"]);
        await transcript.Play(node, from => connect(node, transcript.Service, from), left => left);
    }
}
