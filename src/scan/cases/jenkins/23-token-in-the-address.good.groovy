// --- Jenkinsfile
timeout(30) {
    node('linux') {
        stage('Push') {
            if (env.BRANCH_NAME == 'main') {
                withCredentials([gitUsernamePassword(credentialsId: 'bot')]) {
                    sh 'git push https://git.example.com/app.git'
                }
            }
        }
    }
}
