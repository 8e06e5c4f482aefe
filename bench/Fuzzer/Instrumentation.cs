using System.Globalization;
using System.Text;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace NotifyGateway.Fuzz;

/// <summary>
/// Makes compiled code count: every basic block of every method adds one to a counter of its own. Beside the assembly a file is written that says whose the
/// blocks are, and one with the words that stand in the code.
/// </summary>
internal static class Instrumentation
{
    public const string CountersType = "NotifyGateway.Fuzz.Counters";
    public const string CountersField = "Hits";

    /// <summary>Longer texts are for people to read, not for a parser to look for.</summary>
    private const int LongestWord = 60;

    public static void Apply(string path, IReadOnlyList<string> folders)
    {
        using var resolver = new DefaultAssemblyResolver();
        foreach (var folder in folders)
        {
            resolver.AddSearchDirectory(folder);
        }

        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { AssemblyResolver = resolver, InMemory = true });
        var hits = new FieldDefinition(CountersField, FieldAttributes.Public | FieldAttributes.Static | FieldAttributes.InitOnly, new ArrayType(module.TypeSystem.Int32));
        var methods = module.GetTypes().SelectMany(t => t.Methods).Where(m => m.HasBody && !IsMadeUp(m)).ToList();
        var count = 0;
        using var blocks = new StreamWriter(Blocks(path));
        using var words = new StreamWriter(Words(path));
        foreach (var method in methods)
        {
            var owner = Outermost(method.DeclaringType).FullName;
            foreach (var word in WordsOf(method).Distinct(StringComparer.Ordinal))
            {
                words.WriteLine($"{owner}\t{word}");
            }

            var first = count;
            Count(method.Body, hits, ref count);
            blocks.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count - first}\t{owner}"));
        }

        module.Types.Add(Counters(module, hits, count));
        module.Write(path);
    }

    /// <summary>On each line how many blocks a method has, and in which type it stands; in the order of the counters.</summary>
    public static string Blocks(string path) => path + ".blocks";

    /// <summary>On each line a type, and a word of its code as <see cref="SeedFile"/> writes it.</summary>
    public static string Words(string path) => path + ".words";

    /// <summary>What the compiler adds to records and properties. Lambdas and local functions are people's.</summary>
    private static bool IsMadeUp(MethodDefinition method) =>
        method.CustomAttributes.Any(a => a.AttributeType.Name is "CompilerGeneratedAttribute") && (method.Name[0] != '<' || method.Name is "<Clone>$");

    private static TypeDefinition Outermost(TypeDefinition type) => type.DeclaringType is { } outer ? Outermost(outer) : type;

    private static TypeDefinition Counters(ModuleDefinition module, FieldDefinition hits, int count)
    {
        const TypeAttributes StaticClass = TypeAttributes.Public | TypeAttributes.Abstract | TypeAttributes.Sealed | TypeAttributes.BeforeFieldInit;
        const MethodAttributes Constructor = MethodAttributes.Private | MethodAttributes.Static | MethodAttributes.HideBySig | MethodAttributes.SpecialName | MethodAttributes.RTSpecialName;
        var name = CountersType.LastIndexOf('.');
        var type = new TypeDefinition(CountersType[..name], CountersType[(name + 1)..], StaticClass, module.TypeSystem.Object);
        type.Fields.Add(hits);
        var constructor = new MethodDefinition(".cctor", Constructor, module.TypeSystem.Void);
        var il = constructor.Body.GetILProcessor();
        il.Emit(OpCodes.Ldc_I4, count);
        il.Emit(OpCodes.Newarr, module.TypeSystem.Int32);
        il.Emit(OpCodes.Stsfld, hits);
        il.Emit(OpCodes.Ret);
        type.Methods.Add(constructor);
        return type;
    }

    private static void Count(MethodBody body, FieldReference hits, ref int count)
    {
        body.SimplifyMacros();
        var il = body.GetILProcessor();
        var moved = new Dictionary<Instruction, Instruction>();
        foreach (var begin in Begins(body))
        {
            Instruction[] counting =
            [
                il.Create(OpCodes.Ldsfld, hits), il.Create(OpCodes.Ldc_I4, count++), il.Create(OpCodes.Ldelema, body.Method.Module.TypeSystem.Int32), il.Create(OpCodes.Dup),
                il.Create(OpCodes.Ldind_I4), il.Create(OpCodes.Ldc_I4_1), il.Create(OpCodes.Add), il.Create(OpCodes.Stind_I4),
            ];
            foreach (var instruction in counting)
            {
                il.InsertBefore(begin, instruction);
            }

            moved[begin] = counting[0];
        }

        foreach (var instruction in body.Instructions)
        {
            instruction.Operand = instruction.Operand switch
            {
                Instruction target => moved.GetValueOrDefault(target, target),
                Instruction[] targets => Array.ConvertAll(targets, t => moved.GetValueOrDefault(t, t)),
                var operand => operand,
            };
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            handler.TryStart = Moved(handler.TryStart);
            handler.TryEnd = Moved(handler.TryEnd);
            handler.HandlerStart = Moved(handler.HandlerStart);
            handler.HandlerEnd = Moved(handler.HandlerEnd);
            handler.FilterStart = Moved(handler.FilterStart);
        }

        body.OptimizeMacros();

        Instruction? Moved(Instruction? at) => at is null ? null : moved.GetValueOrDefault(at, at);
    }

    /// <summary>Where blocks begin: at the start, where something jumps to, behind what jumps or may jump, and where exceptions are caught.</summary>
    private static List<Instruction> Begins(MethodBody body)
    {
        var begins = new HashSet<Instruction> { body.Instructions[0] };
        foreach (var instruction in body.Instructions)
        {
            foreach (var target in instruction.Operand switch { Instruction one => [one], Instruction[] many => many, _ => Array.Empty<Instruction>() })
            {
                begins.Add(target);
            }

            if (instruction.OpCode.FlowControl is FlowControl.Cond_Branch && instruction.Next is { } next)
            {
                begins.Add(next);
            }
        }

        foreach (var handler in body.ExceptionHandlers)
        {
            begins.Add(handler.HandlerStart);
            if (handler.FilterStart is { } filter)
            {
                begins.Add(filter);
            }
        }

        return [.. body.Instructions.Where(begins.Contains)];
    }

    private static IEnumerable<string> WordsOf(MethodDefinition method)
    {
        foreach (var instruction in method.Body.Instructions)
        {
            byte[]? word = instruction.Operand switch
            {
                string text when instruction.OpCode == OpCodes.Ldstr => Encoding.UTF8.GetBytes(text),
                FieldReference field when field.DeclaringType.Name.StartsWith("<PrivateImplementationDetails>", StringComparison.Ordinal) && field.Resolve()?.InitialValue is { } value => value.AsSpan().TrimEnd((byte)0).ToArray(),
                _ => null,
            };
            if (word is { Length: > 0 and <= LongestWord })
            {
                yield return SeedFile.Escape(word);
            }
        }
    }
}
