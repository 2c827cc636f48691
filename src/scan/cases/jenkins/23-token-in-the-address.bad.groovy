// finds: token-in-remote-url
// --- Jenkinsfile
timeout(30) {
    node('linux') {
        stage('Push') {
            if (env.BRANCH_NAME == 'main') {
                withCredentials([string(credentialsId: 'bot', variable: 'BOT_TOKEN')]) {
                    sh 'git remote set-url origin https://bot:$BOT_TOKEN@git.example.com/app.git && git push'
                }
            }
        }
    }
}
