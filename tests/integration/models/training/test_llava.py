import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from demo.teaching import CLIP_CONFIG
from demo.vocabulary import vocabulary
from retrieval.training.batches import Questions
from retrieval.training.contrastive import ClipTraining, read, seen
from retrieval.training.llava import IMAGE, LlavaTraining, Row, pack, prompt
from retrieval.training.wordlist import word_tokenizer

LANGUAGE = {
    "hidden_size": 32,
    "intermediate_size": 64,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "max_position_embeddings": 256,
}


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[ClipTraining, LlavaTraining, Any]]:
    folder = tmp_path_factory.mktemp("clip")
    config = folder / CLIP_CONFIG.name
    config.write_text(CLIP_CONFIG.read_text())
    word_tokenizer(vocabulary(), 192, 32).save_pretrained(folder / "tokenizer")
    clip = ClipTraining(config, 0, print)
    tokenizer = word_tokenizer(vocabulary(), 192, 256, more=[IMAGE], end=False)
    vision = json.loads(config.read_text())["vision_cfg"]
    llava = LlavaTraining(clip.model, clip.normal, vision, LANGUAGE, tokenizer, 0, print)
    clip.model.eval()
    llava.model.eval()
    yield clip, llava, tokenizer


def test_the_tower_sees_what_the_clip_sees(training: tuple[ClipTraining, LlavaTraining, Any]) -> None:
    clip, llava, _ = training
    pictures = torch.randn((3, 3, 96, 96), generator=torch.Generator().manual_seed(1))
    visual = clip.model.visual
    seen = list[torch.Tensor]()
    hook = visual.transformer.resblocks[-1].register_forward_hook(lambda _m, _i, out: seen.append(out))
    with torch.no_grad():
        visual(pictures)
        here = llava.model.model.vision_tower(pictures).last_hidden_state
    hook.remove()
    assert here.shape == (3, 65, 160)
    assert torch.allclose(here, seen[0], atol=1e-4)


def test_a_tower_goes_back_into_the_clip_as_it_came(training: tuple[ClipTraining, LlavaTraining, Any]) -> None:
    clip, llava, _ = training
    visual, back = clip.model.visual.state_dict(), llava.tower()
    assert visual.keys() - back.keys() == {"proj"}
    assert all(torch.equal(visual[name], weights) for name, weights in back.items())
    clip.look_with({name: weights + 1 for name, weights in back.items()})
    assert torch.equal(clip.model.visual.state_dict()["conv1.weight"], back["conv1.weight"] + 1)
    clip.look_with(back)


def test_a_question_in_a_row_is_answered_as_if_it_were_asked_alone(
    training: tuple[ClipTraining, LlavaTraining, Any],
) -> None:
    _, llava, tokenizer = training
    model = llava.model
    pictures = torch.randn((1, 3, 96, 96), generator=torch.Generator().manual_seed(2))
    asked = ["what colour is it", "how many women are there", "where is the man"]
    before = tokenizer(f"USER: {IMAGE}").input_ids
    rows = [Row(before, [(tokenizer(f"{one} assistant", add_special_tokens=False).input_ids, [5]) for one in asked])]
    packed = pack(rows, model.config.image_token_id, 65, tokenizer.eos_token_id)
    targets = packed.pop("targets")
    with torch.no_grad():
        together = model(**packed, pixel_values=pictures).logits[0][targets[0] == 5]
        for one, logits in zip(asked, together, strict=True):
            numbers = tokenizer(prompt(one).replace(IMAGE, IMAGE * 65), return_tensors="pt").input_ids
            alone = model(input_ids=numbers, pixel_values=pictures).logits[0, -1]
            assert torch.allclose(alone, logits, atol=1e-4)


def test_the_clip_in_training_sees_and_reads_as_it_does_afterwards(
    training: tuple[ClipTraining, LlavaTraining, Any],
) -> None:
    clip, _, _ = training
    pictures = torch.randn((3, 3, 96, 96), generator=torch.Generator().manual_seed(3))
    texts = clip.tokenizer(["a dog runs", "two women in red wave on a beach", "a cat"])
    with torch.no_grad():
        assert torch.allclose(seen(clip.model, pictures), clip.model.encode_image(pictures), atol=1e-5)
        assert torch.allclose(read(clip.model, texts), clip.model.encode_text(texts), atol=1e-5)


def test_the_loss_is_that_of_every_token_of_every_answer(training: tuple[ClipTraining, LlavaTraining, Any]) -> None:
    _, llava, tokenizer = training
    asked = ((("who is there", "two women"), ("what colour is it", "red")), (("where is the man", "on a beach"),) * 2)
    questions = Questions(None, asked, ("two women in red wave", "a man runs on a beach"))
    picked = []
    with torch.no_grad():
        for context, row in zip(questions.contexts, asked, strict=True):
            for question, answer in row:
                before = tokenizer(prompt(question, context)).input_ids
                said = [*tokenizer(answer, add_special_tokens=False).input_ids, tokenizer.eos_token_id]
                begin = 2 + llava.model.config.image_seq_length  # answers to a text lie where those to a picture do
                branch = len(tokenizer(prompt(question, "").partition("\n")[2], add_special_tokens=False).input_ids)
                prefix = len(before) - branch
                places = [*range(prefix), *range(begin, begin + branch + len(said) - 1)]
                numbers = torch.tensor([[*before, *said[:-1]]])
                logits = llava.model(input_ids=numbers, position_ids=torch.tensor([places])).logits[0]
                picked += [logits[len(before) - 1 + n].log_softmax(0)[token] for n, token in enumerate(said)]
        expected = -torch.stack(picked).mean()
        assert torch.allclose(llava.loss(questions), expected, atol=1e-4)


def test_the_saved_folder_is_loaded_by_transformers(
    training: tuple[ClipTraining, LlavaTraining, Any], tmp_path: Path
) -> None:
    from PIL import Image
    from transformers import AutoProcessor, LlavaForConditionalGeneration

    _, llava, _ = training
    llava.save(tmp_path)
    loaded = LlavaForConditionalGeneration.from_pretrained(tmp_path, dtype=torch.float32, local_files_only=True)
    processor = AutoProcessor.from_pretrained(tmp_path, local_files_only=True)
    picture = Image.fromarray(np.random.default_rng(0).integers(0, 255, (270, 480, 3), np.uint8))
    content = [{"type": "image"}, {"type": "text", "text": "who is there"}]
    text = processor.apply_chat_template([{"role": "user", "content": content}], add_generation_prompt=True)
    assert text == prompt("who is there")
    made = processor(images=[picture], text=[text], return_tensors="pt")
    assert int((made["input_ids"] == loaded.config.image_token_id).sum()) == 65
    made.pop("token_type_ids", None)
    with torch.no_grad():
        kept, given = loaded(**made).logits, llava.model(**made).logits
    assert torch.allclose(kept, given, atol=0.05)  # weights are kept in half the digits
