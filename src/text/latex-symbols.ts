// What LaTeX names stand for, as far as titles and abstracts use them.

function pairs(table: string): Map<string, string> {
  return new Map(
    table
      .trim()
      .split(/\s+/)
      .map((entry): [string, string] => {
        // The sign may be a name of its own: `==⁼`.
        const end = entry.indexOf('=', 1);
        return [entry.slice(0, end), entry.slice(end + 1)];
      }),
  );
}

/** `\alpha` and the like. Names that are not here are shown as they are, without the backslash. */
export const symbols = pairs(`
  alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ lambda=λ
  mu=μ nu=ν xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω
  Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω
  times=× div=÷ pm=± mp=∓ cdot=· ast=∗ star=⋆ circ=∘ bullet=• oplus=⊕ otimes=⊗ odot=⊙
  leq=≤ le=≤ geq=≥ ge=≥ neq=≠ ne=≠ ll=≪ gg=≫ approx=≈ sim=∼ simeq=≃ equiv=≡ propto=∝
  to=→ rightarrow=→ leftarrow=← Rightarrow=⇒ Leftarrow=⇐ leftrightarrow=↔ Leftrightarrow=⇔ mapsto=↦
  uparrow=↑ downarrow=↓ longrightarrow=⟶ implies=⇒ iff=⇔
  in=∈ notin=∉ subset=⊂ subseteq=⊆ supset=⊃ supseteq=⊇ cup=∪ cap=∩ setminus=∖ emptyset=∅ varnothing=∅
  forall=∀ exists=∃ neg=¬ land=∧ lor=∨ wedge=∧ vee=∨ infty=∞ partial=∂ nabla=∇ sum=∑ prod=∏ int=∫
  ldots=… dots=… cdots=⋯ prime=′ dagger=† ddagger=‡ ell=ℓ Re=ℜ Im=ℑ aleph=ℵ hbar=ℏ
  langle=⟨ rangle=⟩ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ Vert=‖ lVert=‖ rVert=‖ vert=| lvert=| rvert=| mid=|
  item=• degree=° textdegree=° checkmark=✓ cmark=✓ xmark=✗ copyright=© S=§ pounds=£ euro=€ textasciitilde=~ textasciicircum=^
  ss=ß ae=æ AE=Æ oe=œ OE=Œ aa=å AA=Å o=ø O=Ø l=ł L=Ł i=ı
`);

/** Commands that only change how the following looks: nothing is shown for them. */
export const switches = new Set(
  `left right big Big bigg Bigg bigl bigr bf it em rm sc tt sf sl bfseries itshape scshape ttfamily sffamily
   displaystyle textstyle scriptstyle small large Large footnotesize normalsize xspace noindent centering limits
   nolimits protect relax nonumber quad qquad`.split(/\s+/),
);

const raised = pairs(`
  0=⁰ 1=¹ 2=² 3=³ 4=⁴ 5=⁵ 6=⁶ 7=⁷ 8=⁸ 9=⁹ +=⁺ -=⁻ −=⁻ ==⁼ (=⁽ )=⁾ ∘=° °=° *=* ∗=* ′=′ †=† ‡=‡ ⋆=⋆
  a=ᵃ b=ᵇ c=ᶜ d=ᵈ e=ᵉ f=ᶠ g=ᵍ h=ʰ i=ⁱ j=ʲ k=ᵏ l=ˡ m=ᵐ n=ⁿ o=ᵒ p=ᵖ r=ʳ s=ˢ t=ᵗ u=ᵘ v=ᵛ w=ʷ x=ˣ y=ʸ z=ᶻ
  A=ᴬ B=ᴮ D=ᴰ E=ᴱ G=ᴳ H=ᴴ I=ᴵ J=ᴶ K=ᴷ L=ᴸ M=ᴹ N=ᴺ O=ᴼ P=ᴾ R=ᴿ T=ᵀ U=ᵁ V=ⱽ W=ᵂ β=ᵝ γ=ᵞ δ=ᵟ
`);

const lowered = pairs(`
  0=₀ 1=₁ 2=₂ 3=₃ 4=₄ 5=₅ 6=₆ 7=₇ 8=₈ 9=₉ +=₊ -=₋ −=₋ ==₌ (=₍ )=₎
  a=ₐ e=ₑ h=ₕ i=ᵢ j=ⱼ k=ₖ l=ₗ m=ₘ n=ₙ o=ₒ p=ₚ r=ᵣ s=ₛ t=ₜ u=ᵤ v=ᵥ x=ₓ β=ᵦ γ=ᵧ ρ=ᵨ φ=ᵩ χ=ᵪ
`);

function convertAll(table: ReadonlyMap<string, string>, text: string): string | null {
  const converted = Array.from(text, (char) => (char === ' ' ? '' : table.get(char)));
  return converted.every((char) => char !== undefined) ? converted.join('') : null;
}

/** `5` is `⁵`. Null when a character has no raised form. */
export const raise = (text: string): string | null => convertAll(raised, text);

/** `i` is `ᵢ`. Null when a character has no lowered form. */
export const lower = (text: string): string | null => convertAll(lowered, text);
