// finds: agent-open-to-outsiders
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        checkout scm
        stage('Review') {
            if (env.CHANGE_ID) {
                sh 'claude -p "Review this change: $CHANGE_TITLE" --dangerously-skip-permissions'
            }
        }
    }
}
