"""What would a changed site's file need? `propose.propose_update` answers, with a proof."""
