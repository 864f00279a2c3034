using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>Looks at all files in one folder, some at a time: what they are together.</summary>
/// <remarks>
/// First it asks what the system says of each of them. When that was the same before, so is what was found then: nobody can change a
/// file, or the digests that travel with it, without another time of change. Otherwise it looks at their digests.
/// </remarks>
internal sealed class FolderSum : IDisposable
{
    private const int GatheredMax = 4 << 10;

    /// <summary>Two changes within one step of the system's clock leave the same time; of some file systems a step has two seconds.</summary>
    private const long SettledAfterNs = 3_000_000_000;

    private readonly string _root, _path;
    private readonly Func<string, IFolderReader?> _open;
    private readonly ClientNames _names;
    private readonly FolderMemo _memo;
    private readonly long _nowNs;
    private readonly byte[] _gathered = new byte[GatheredMax];
    private readonly FolderDigest _digest = new();
    private IncrementalHash? _marking = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private IFolderReader? _reader;
    private ContentDigest? _mark;
    private long _files, _bytes, _changedNs = long.MinValue;
    private int _end;
    private bool _areKnown = true;

    /// <param name="root">Where the names of the client begin, with <c>/</c> at its end; empty for the node's.</param>
    /// <param name="path">The folder from there on, with <c>/</c> at its end; empty for the uppermost.</param>
    /// <param name="open">Opens a folder by its path from the node's root on.</param>
    /// <param name="names">Which count.</param>
    /// <param name="memo">What was found before.</param>
    /// <param name="now">Of which time the system's words are.</param>
    public FolderSum(string root, string path, Func<string, IFolderReader?> open, ClientNames names, FolderMemo memo, DateTimeOffset now)
    {
        (_open, _names, _memo, _nowNs) = (open, names, memo, FileFacts.NsOf(now));
        (_root, _path) = (root, path);
        Gather(Encoding.UTF8.GetBytes(root + path));
        _reader = open(root + path);
    }

    public bool IsOf(string path) => path == _path;

    /// <summary>Whether there are folders in it, when it is found.</summary>
    public bool HasFolders { get; private set; }

    /// <summary>Goes on.</summary>
    /// <param name="namesMax">Looks at so many names at most; what is left of them comes back.</param>
    /// <param name="content">What is in the folder, when it is known.</param>
    /// <exception cref="StorageException">The folder cannot be read.</exception>
    public bool TryFind(ref int namesMax, out FolderContent content)
    {
        for (content = default; _reader is not null; namesMax--)
        {
            if (namesMax <= 0)
                return false;
            if (!_reader.TryNext(out var name, out var isFolder))
            {
                if (_marking is null)
                    break;
                _mark = Marked();
                if (_memo.Find(_mark.Value) is { } before)
                {
                    content = before;
                    return true;
                }
                LookAgain();
            }
            else if (isFolder)
            {
                HasFolders = true;
            }
            else if (_names.IsOfClient(_path, name))
            {
                Look(name);
            }
        }
        content = new FolderContent(_files, _bytes, _areKnown ? _digest.Current : null);
        if (_mark is { } mark && _nowNs - _changedNs > SettledAfterNs)
            _memo.Remember(mark, content);
        return true;
    }

    private void Look(ReadOnlySpan<byte> name)
    {
        if (_marking is null)
            Add(name, _reader!.Stat(name));
        else if (_reader!.Facts(name) is { } facts)
            Mark(name, facts);
        else
            LookAgain();
    }

    public void Dispose()
    {
        _reader?.Dispose();
        _marking?.Dispose();
    }

    private void LookAgain()
    {
        _marking!.Dispose();
        _marking = null;
        _reader!.Dispose();
        _reader = _open(_root + _path);
    }

    private void Mark(ReadOnlySpan<byte> name, in FileFacts facts)
    {
        _changedNs = Math.Max(_changedNs, Math.Max(facts.ChangedNs, facts.ModifiedNs));
        ReadOnlySpan<long> numbers = [name.Length, (long)facts.Inode, (long)facts.FileSystem, facts.Size, facts.ModifiedNs, facts.ChangedNs];
        Gather(MemoryMarshal.AsBytes(numbers));
        Gather(name);
    }

    private void Gather(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length > _gathered.Length - _end)
            Flush();
        if (bytes.Length > _gathered.Length)
        {
            _marking!.AppendData(bytes);
            return;
        }
        bytes.CopyTo(_gathered.AsSpan(_end));
        _end += bytes.Length;
    }

    private void Flush()
    {
        _marking!.AppendData(_gathered, 0, _end);
        _end = 0;
    }

    private ContentDigest Marked()
    {
        Flush();
        return ContentDigest.FromBytes(DigestKind.Sha256, _marking!.GetHashAndReset());
    }

    private void Add(ReadOnlySpan<byte> name, StoredFile? found)
    {
        if (found is not { } file)
            return; // gone
        _files++;
        _bytes += file.Size;
        _areKnown &= file.Md5 is not null;
        if (_areKnown)
            _digest.Add(name, file.Size, file.Md5!.Value);
    }
}
