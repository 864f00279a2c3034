namespace ActorSock.Cli.Commands.Storing;

/// <summary>Keeps what comes from the standard input in a file until its end, so that it can be sent like any other: at the pace of
/// the network, whatever pauses the program makes that writes it, and again when the connection is lost.</summary>
internal static class Spool
{
    private const int BlockBytes = 256 << 10;
    private static readonly TimeSpan s_betweenNotes = TimeSpan.FromSeconds(15);

    /// <summary>Reads to the end.</summary>
    /// <param name="input">What to read.</param>
    /// <param name="note">Is told now and then how much has come.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The file, at its beginning. Nobody else can open it, and it is gone when it is closed, however this process ends.</returns>
    /// <exception cref="IOException">There is no room for it, or the input cannot be read.</exception>
    public static async Task<FileStream> OfAsync(Stream input, Action<string> note, CancellationToken cancel)
    {
        var spool = Open();
        try
        {
            var block = new byte[BlockBytes];
            var told = TimeProvider.System.GetTimestamp();
            while (await input.ReadAsync(block, cancel) is > 0 and var got)
            {
                await WriteAsync(spool, block.AsMemory(0, got), cancel);
                if (TimeProvider.System.GetElapsedTime(told) < s_betweenNotes) continue;
                told = TimeProvider.System.GetTimestamp();
                note($"reading the standard input: {ByteSize.Of(spool.Position)} have come");
            }
            spool.Position = 0;
            return spool;
        }
        catch
        {
            await spool.DisposeAsync();
            throw;
        }
    }

    private static FileStream Open()
    {
        var path = Path.Combine(Path.GetTempPath(), $"actorsock-{Guid.NewGuid():N}.input");
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.ReadWrite,
            Share = FileShare.None,
            BufferSize = 0,
            Options = FileOptions.Asynchronous | FileOptions.DeleteOnClose,
        };
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
        try
        {
            var spool = new FileStream(path, options);
            // Without a name already now: a process that is killed closes nothing.
            if (!OperatingSystem.IsWindows()) File.Delete(path);
            return spool;
        }
        catch (Exception cannot) when (cannot is IOException or UnauthorizedAccessException)
        {
            throw NoPlace(cannot);
        }
    }

    private static async Task WriteAsync(FileStream spool, ReadOnlyMemory<byte> bytes, CancellationToken cancel)
    {
        try
        {
            await spool.WriteAsync(bytes, cancel);
        }
        catch (IOException cannot)
        {
            throw NoPlace(cannot);
        }
    }

    private static IOException NoPlace(Exception why) => new(
        $"it cannot be kept in {Path.GetTempPath()} until it is sent: {why.Message}: set TMPDIR to a folder with room for it", why);
}
